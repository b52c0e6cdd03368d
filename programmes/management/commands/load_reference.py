"""``manage.py load_reference``: law, norms, sources, units, organisations and authorities from the project's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programmes.reference_data import DATA, ReferenceDataError, load_reference_data


class Command(BaseCommand):
    help = "Nạp danh mục: văn bản, mức và điều kiện hỗ trợ, thời hạn, nguồn kinh phí, đơn vị, cơ quan ban hành."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=DATA, help="thư mục chứa các tệp CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        """May be run again at any time; a wrong row is named and nothing is written."""
        try:
            tallies = load_reference_data(options["folder"])
        except (ReferenceDataError, OSError) as problem:
            raise CommandError(f"Chưa nạp gì cả. {problem}") from problem
        for name, tally in tallies.items():
            self.stdout.write(
                f"{name}: thêm {tally.created}, sửa {tally.changed}, giữ nguyên {tally.unchanged}", ending="\n"
            )
