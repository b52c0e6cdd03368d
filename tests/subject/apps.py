"""The subject as an application."""

from django.apps import AppConfig


class SubjectConfig(AppConfig):
    name = "tests.subject"
    verbose_name = "Chuyên đề thử"
