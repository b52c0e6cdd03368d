"""Prints, as entries of a catalogue, the texts that have no translation yet."""

from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandParser

from khuyencong.translations import Message, messages_in_code, missing_messages


class Command(BaseCommand):
    help = "Prints untranslated texts as .po entries; append them to the catalogue and fill them in."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        gaps = missing_messages(options["language"], messages_in_code())
        for message in gaps:
            self.stdout.write(str(as_entry(message)))
        self.stderr.write(f"{len(gaps)} texts have no translation into “{options['language']}”.")


def as_entry(message: Message) -> polib.POEntry:
    path, _, line = message.place.rpartition(":")
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None, occurrences=[(path, line)])
    if message.plural:
        entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
    return entry
