"""``manage.py prove_totals``: every total by SQL and by a replay of the entries; exits with 1 when they differ."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.ledger.proof import prove


class Command(BaseCommand):
    help = "Kiểm tra mọi tổng số bằng hai cách độc lập: SQL và đọc lại từng bút toán. Khác nhau thì kết thúc với mã 1."

    def handle(self, *args: Any, **options: Any) -> None:
        run = prove()
        said = f"{run.entry_count} bút toán, {run.total_count} tổng, {run.milliseconds} ms"
        if not run.is_clean:
            raise CommandError(f"{said}: {run.finding_count} chỗ sai\n{run.findings}")
        self.stdout.write(f"{said}: khớp")
