"""``manage.py load_demo``: people to sign in as, and the plan of 2006 with its six projects."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from khuyencong.accounts.models import Organisation
from programmes.models import AnnualPlan
from projects.management.demo import CENTRE, give_addresses, load_case, make_people

DEFAULT_PASSWORD = "khuyen-cong-2006"


class Command(BaseCommand):
    help = "Nạp người dùng mẫu và kế hoạch khuyến công Hải Phòng năm 2006 (chỉ để dùng thử)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="nạp cả khi DEBUG tắt; cần có DEMO_PASSWORD")
        parser.add_argument("--people-only", action="store_true", help="chỉ tạo người dùng mẫu")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads what is missing; what is there is kept. Refuses where DEBUG is off unless forced."""
        password = os.environ.get("DEMO_PASSWORD", "")
        if not settings.DEBUG:
            if not options["force"]:
                raise CommandError("DEBUG đang tắt: không nạp dữ liệu mẫu. Thêm --force nếu thật sự cần.")
            if not password:
                raise CommandError("Đặt DEMO_PASSWORD trước khi nạp dữ liệu mẫu trên máy không phải máy thử.")
        if not Organisation.objects.filter(code=CENTRE).exists():
            raise CommandError("Chưa có danh mục. Chạy manage.py load_reference trước.")
        people = make_people(password or DEFAULT_PASSWORD)
        if not options["people_only"] and not AnnualPlan.objects.filter(organisation__code=CENTRE, year=2006).exists():
            load_case(people)
        give_addresses(people)
        self._print_people(people, password or DEFAULT_PASSWORD)

    def _print_people(self, people: dict[str, Any], password: str) -> None:
        self.stdout.write("Đăng nhập bằng một trong các tên sau:")
        for username, user in people.items():
            self.stdout.write(f"  {username:<16} {', '.join(map(str, user.role_labels()))}")
        unchanged = people["centre_staff"].check_password(password)
        self.stdout.write(f"mật khẩu: {password}" if unchanged else "mật khẩu: đã được đổi từ lần nạp trước")
