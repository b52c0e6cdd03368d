"""The site as an application, and Django's admin with the site's own front."""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class KhuyencongConfig(AppConfig):
    name = "khuyencong"
    verbose_name = "Khuyến công"
    default = True

    def ready(self) -> None:
        from khuyencong import checks  # noqa: F401  registers itself

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
