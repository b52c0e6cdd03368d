"""``manage.py install_triggers``: puts back the triggers that keep recorded money and history from being changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from khuyencong.triggers import install_triggers, missing_triggers


class Command(BaseCommand):
    help = "Đặt lại các trigger của sổ cái; nêu những bảng đã thiếu."

    def handle(self, *args: Any, **options: Any) -> None:
        """May be run at any time. What happened while a trigger was away, it can't know: it says how to find out."""
        missing = missing_triggers()
        install_triggers()
        if left := missing_triggers():
            raise CommandError(f"Chưa có bảng: {_tables(left)}. Chạy manage.py migrate trước.")
        if not missing:
            self.stdout.write("Các trigger của sổ cái đều có đủ.")
            return
        self.stdout.write(f"Đã đặt lại trigger của: {_tables(missing)}.")
        self.stdout.write(
            "Trong lúc thiếu trigger, bút toán và lịch sử có thể đã bị sửa, xóa mà không ai chặn. "
            "Hãy chạy manage.py prove_totals và đối chiếu với bản sao lưu gần nhất."
        )


def _tables(triggers: set[tuple[str, str]]) -> str:
    return ", ".join(sorted({table for table, _name in triggers}))
