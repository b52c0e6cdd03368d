"""What each row of an old list approves: by which letter, from which source, in one column or several."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from khuyencong.text import fold
from projects.importing.layout.parted import keys_of
from projects.importing.lists.amount_cells import millions
from projects.importing.lists.money_levels import level_in
from projects.importing.lists.opening_entries import Grant, Portion
from projects.importing.lists.opening_letters import LettersReader, OldLetter
from projects.importing.lists.opening_papers import letter_in_words, letters_in
from projects.importing.lists.opening_portions import less_in
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option

MORE, LESS, AFTER = "more", "less", "after"


class GrantsReader:
    """Reads the approved money of one list."""

    def __init__(self, asked: ListReading, letters: LettersReader) -> None:
        table = asked.table
        self.letters, self.headings = letters, table.headings
        self.columns = table.columns
        self.keys, self.letter_keys = keys_of(table, "approved"), keys_of(table, "letter")

    def read(self, portion: Portion) -> list[Grant]:
        """Empty where the row says of no money, waits or is wrong."""
        one, found = portion.proposed, portion.found
        parts = self._changes(portion)
        whole = found.get("approved_whole")
        if whole is not None and not parts and whole:
            parts = {"approved_whole": whole}
        elif whole is not None and whole != (added := sum(parts.values())):
            text = _("cột tổng ghi %(total)s, các cột cộng lại %(added)s: sửa cho khớp rồi nhập lại")
            one.is_wrong("approved_whole", text % {"total": millions(whole), "added": millions(added)})
        if not parts and one.is_waiting and one.row.text("letter"):  # the unit is asked first
            parts = dict.fromkeys(self.keys[:1], 0)
        grants = []
        letters = self._letters(one, list(parts))
        for key, letter in letters.items():
            if letter is None:
                continue
            level = level_in(self._heading(key)) or self.letters.level(one, letter)
            if letter.hindrance:
                one.is_wrong("letter", letter.hindrance)
            grants.append(Grant(letter, level, parts[key], portion.words.content))
        return grants

    def _changes(self, portion: Portion) -> dict[str, int]:
        """By column: what it adds to those before it. One that states the money after a change adds the difference."""
        one, found, standing = portion.proposed, dict[str, int](), 0
        for key in self.keys:
            vnd = portion.found.get(key)
            if vnd is None:
                continue
            role = self._role(one, key) if key != self.keys[0] else MORE
            change = {AFTER: vnd - standing, LESS: -vnd, MORE: vnd}.get(role, 0)
            standing += change
            if change:
                found[key] = change
        if standing < 0:
            one.is_wrong(self.keys[-1], _("giảm nhiều hơn số đã duyệt"))
        return found

    def _role(self, one: ProposedRow, key: str) -> str:
        """Whether the column states what was added, what was taken away, or what it came to; empty while nobody said
        it."""
        heading = fold(self._heading(key))
        if one.row.cells.get(less_in(key)) or re.search(r"\bgiam\b", heading):
            is_less = "tang" not in heading.split() or one.row.cells.get(less_in(key))
            return LESS if is_less else MORE
        if re.search(r"\bsau (?:khi )?(?:dieu chinh|bo sung|giam)|\bdieu chinh (?:con|thanh|lai)\b", heading):
            return AFTER
        if not re.search(r"\bdieu chinh\b(?! tang| bo sung)", heading):
            return MORE
        text = _("Số ở cột “%(column)s” là gì?")
        return self.letters.asked.ask_of(
            one,
            key,
            f"change:{one.row.table.sheet.name}:{key}",
            text % {"column": self._heading(key)},
            [
                Option(AFTER, _("Kinh phí sau điều chỉnh, thay số đã duyệt")),
                Option(MORE, _("Số tăng thêm, cộng vào số đã duyệt (số âm là giảm)")),
            ],
        )

    def _heading(self, key: str) -> str:
        return self.headings.get(self.columns[key], "")

    def _letters(self, one: ProposedRow, keys: list[str]) -> dict[str, OldLetter | None]:
        """The letter of each amount: that in the heading of its column, else that of the letters' column beside it,
        else as the office says."""
        found: dict[str, OldLetter | None] = {}
        for key in keys:
            number, day = letter_in_words(self._heading(key), self.letters.plan.year)
            if number:
                found[key] = self.letters.named(number, day)
        left = [key for key in keys if key not in found]
        if not left:
            return found
        if len(self.letter_keys) == len(self.keys) > 1:
            beside = dict(zip(self.keys, self.letter_keys, strict=True))
            return found | {key: self.letters.of_row(one, beside[key]) for key in left if key in beside}
        return found | self._of_one_cell(one, left)

    def _of_one_cell(self, one: ProposedRow, keys: list[str]) -> dict[str, OldLetter | None]:
        """Of letters in one column: as many as amounts, in their order; else one for all that it can give."""
        named = letters_in(one.row.text("letter"), self.letters.plan.year)
        if len({fold(number) for number, _day in named}) > 1:
            if len(named) == len(keys):
                return {key: self.letters.named(*said) for key, said in zip(keys, named, strict=True)}
            text = _(
                "ô này ghi %(count)s văn bản mà không rõ văn bản nào duyệt bao nhiêu: ghi mỗi văn bản một dòng (gộp ô "
                "tên đề án), hoặc mỗi văn bản một cột kinh phí"
            )
            one.is_wrong("letter", text % {"count": len(named)})
            return {}
        own = self.letters.of_row(one, self.letter_keys[0] if self.letter_keys else "letter")
        if own is None:
            return {}
        found: dict[str, OldLetter | None] = {}
        levels = {key: level_in(self._heading(key)) for key in keys}
        for key in keys:
            taken = {levels[other] for other in found}
            is_other_money = levels[key] and self.letters.issuer_level(own) not in ("", levels[key])
            is_second = bool(found) and (not levels[key] or levels[key] in taken)
            if is_second or (len(self.keys) > 1 and is_other_money):
                found[key] = self.letters.asked_for_column(one, key, own)
            else:
                found[key] = own
        return found
