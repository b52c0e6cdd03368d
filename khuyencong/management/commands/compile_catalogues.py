"""Compiles the message catalogues; quick when nothing changed."""

from typing import Any

from django.core.management.base import BaseCommand

from khuyencong.translations import compile_catalogues


class Command(BaseCommand):
    help = "Compiles locale/*/LC_MESSAGES/*.po that are newer than their .mo."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        written = compile_catalogues()
        if written:
            self.stdout.write(f"Compiled {len(written)} message catalogues.")
