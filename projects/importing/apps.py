"""The importer as an application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportingConfig(AppConfig):
    name = "projects.importing"
    label = "importing"
    verbose_name = _("Nhập từ tệp")
