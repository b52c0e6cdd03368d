"""Sends each person a summary of what waits for them. For cron, once a morning; a second run sends nothing more."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import override

from khuyencong.accounts.models import User
from projects.desk.inbox import inbox
from projects.papers.notices import send


class Command(BaseCommand):
    help = "Sends the daily summary of what waits; nobody gets it twice a day, nobody gets an empty one."

    def handle(self, *args: Any, **options: Any) -> None:
        today, count = timezone.localdate(), 0
        for person in User.objects.wanting_digest(today):
            with override("vi"):
                tasks = inbox(person)
            if tasks and send([person], partial(_message, tasks), "projects/mail/digest.txt"):
                User.objects.filter(pk=person.pk).update(digest_sent_on=today)
                count += 1
        self.stdout.write(f"{count} digests sent.")


def _message(tasks: list[Any], _person: User) -> tuple[str, dict[str, Any]]:
    return f"{len(tasks)} việc đang chờ", {"tasks": tasks}
