"""The site as an application, and Django's admin with the site's own front."""

import gc
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate

# A year on one page or in one file is hundreds of thousands of objects that live until the answer is sent. Python
# would look for circles among them at each 700 more, which takes a fifth of the time.
NEW_OBJECTS, YOUNG_ROUNDS, MIDDLE_ROUNDS = 50_000, 20, 20


class KhuyencongConfig(AppConfig):
    name = "khuyencong"
    verbose_name = "Khuyến công"
    default = True

    def ready(self) -> None:
        from khuyencong import checks  # noqa: F401  registers itself

        gc.set_threshold(NEW_OBJECTS, YOUNG_ROUNDS, MIDDLE_ROUNDS)

        # Sent for applications with models only, after all tables are there: one of them is enough.
        accounts = apps.get_app_config("accounts")
        post_migrate.connect(protect_ledgers, sender=accounts, dispatch_uid="khuyencong.protect_ledgers")


def protect_ledgers(using: str, **kwargs: Any) -> None:
    """Every migration may have rebuilt a table and lost its triggers; a flush of the tests drops them."""
    from khuyencong.triggers import install_triggers

    install_triggers(using)


class AdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "khuyencong.admin_site.SiteAdmin"
