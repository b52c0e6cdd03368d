"""Which establishments the rows of a list mean: by tax code, by name, and against the province's registry."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from khuyencong.accounts.models import Organisation
from khuyencong.firm_names import Likeness, compare_names, has_marks, marked_name, own_words, short_name
from khuyencong.text import fold
from projects.models import Beneficiary

_GROUP = re.compile(
    r"(?:cac|nhung|mot so|nhieu) .*|(?:ca nhan|lao dong|nguoi lao dong|hoc vien|can bo|ho dan|nong dan)\b.*|"
    r"[0-9]+ (?:co so|doanh nghiep|dn|don vi|ho|htx|hop tac xa|lao dong|hoc vien|nguoi|ca nhan)\b.*"
)
ALIKE = 93  # of 100: a letter or two of a name are others
# The form that a name begins with, and what such an establishment is.
_TYPES = (
    (r"lien hiep (?:htx|hop tac xa)", Beneficiary.Type.COOPERATIVE_UNION),
    (r"tht|to hop tac", Beneficiary.Type.COOPERATIVE_GROUP),
    (r"htx|hop tac xa", Beneficiary.Type.COOPERATIVE),
    (r"hkd|ho kinh doanh|ho ca the|ho san xuat|ho gia dinh", Beneficiary.Type.HOUSEHOLD),
    (r"nghe nhan", Beneficiary.Type.ARTISAN),
    (r"cti|cong ti|dntn|doanh nghiep|xi nghiep|xn|tnhh|tong cti|tap doan", Beneficiary.Type.ENTERPRISE),
)


def is_group(text: str) -> bool:
    """Whether a text describes those who are helped in words and names no establishment."""
    return bool(_GROUP.fullmatch(fold(text)))


def type_of(name: str) -> str:
    """What an establishment is by the form in its name; empty where it bears none."""
    short = short_name(name)
    return next((kind for form, kind in _TYPES if re.match(rf"(?:{form})\b", short)), "")


@dataclass(frozen=True)
class Spelling:
    """An establishment as a row writes it."""

    name: str
    tax_code: str = ""


@dataclass(eq=False)
class Firm:
    """One establishment of the list with all its spellings, and what it may be.

    ``known`` is the one of the registry that it surely is; ``maybe`` of the registry and ``near`` of the list are asked
    about. ``clashes``: other spellings under its tax code that can hardly be the same name; ``alike``: one of the
    registry whose name is a letter or two away, which is said and not asked.
    """

    name: str
    tax_code: str = ""
    spellings: list[Spelling] = field(default_factory=list)
    known: Beneficiary | None = None
    maybe: list[Beneficiary] = field(default_factory=list)
    near: list[Firm] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)
    alike: Beneficiary | None = None

    @property
    def type(self) -> str:
        return type_of(self.name)

    @property
    def marked_names(self) -> set[str]:
        return {marked_name(one.name) for one in self.spellings}


class FirmFinder:
    """The establishments of one list, compared with each other and with the registry, which is read once."""

    def __init__(self, province: Organisation, spellings: Sequence[Spelling]) -> None:
        self.registry = list(Beneficiary.objects.filter(province=province).only("name", "tax_code", "province", "type"))
        self.by_code = {one.tax_code: one for one in self.registry if one.tax_code}
        self.by_name: dict[str, list[Beneficiary]] = defaultdict(list)
        self.by_own: dict[frozenset[str], list[Beneficiary]] = defaultdict(list)
        for one in self.registry:
            self.by_name[short_name(one.name)].append(one)
            self.by_own[own_words(one.name)].append(one)
        self.firms: list[Firm] = []
        self.of_name: dict[str, list[Firm]] = defaultdict(list)  # of the list, by each of their names
        self.of_spelling: dict[Spelling, Firm] = {}
        self._gather(spellings)
        for firm in self.firms:
            self._look_up(firm)

    def _gather(self, spellings: Sequence[Spelling]) -> None:
        """Spellings of one tax code are one establishment; so are names that are one name, of which not two bear
        different codes."""
        by_code: dict[str, Firm] = {}
        for one in spellings:
            if one.tax_code and one not in self.of_spelling:
                firm = by_code.get(one.tax_code) or self._new(one)
                by_code[one.tax_code] = firm
                self._add(firm, one)
        for one in spellings:
            if one not in self.of_spelling:
                self._add(self._of_name(one), one)

    def _of_name(self, spelling: Spelling) -> Firm:
        """The establishment of the list that bears that name; a new one where none does or several do. Names that are
        alike but for their marks (Tình, Tính) may be two."""
        alike = self.of_name[short_name(spelling.name)]
        same = [firm for firm in alike if marked_name(spelling.name) in firm.marked_names]
        if len(same) == 1:
            return same[0]
        firm = self._new(spelling)
        firm.near = list(same or alike)
        return firm

    def _new(self, spelling: Spelling) -> Firm:
        firm = Firm(spelling.name, spelling.tax_code)
        self.firms.append(firm)
        return firm

    def _add(self, firm: Firm, spelling: Spelling) -> None:
        self.of_spelling[spelling] = firm
        firm.spellings.append(spelling)
        if firm not in self.of_name[short_name(spelling.name)]:
            self.of_name[short_name(spelling.name)].append(firm)
        if compare_names(firm.name, spelling.name) == Likeness.DIFFERENT and spelling.name not in firm.clashes:
            firm.clashes.append(spelling.name)
        firm.name = max(dict.fromkeys(one.name for one in firm.spellings), key=_worth)

    def _look_up(self, firm: Firm) -> None:
        if firm.tax_code and (known := self.by_code.get(firm.tax_code)):
            is_sure = all(compare_names(known.name, one.name) != Likeness.DIFFERENT for one in firm.spellings)
            firm.known, firm.maybe = (known, []) if is_sure else (None, [known])
            return
        same = [one for one in self.by_name.get(short_name(firm.name), ()) if _may_be(one, firm)]
        marked = [one for one in same if marked_name(one.name) == marked_name(firm.name)]
        bare = [one for one in same if not (has_marks(one.name) and has_marks(firm.name))]
        if len(marked) == 1 or (len(same) == 1 and bare == same):
            firm.known = (marked or same)[0]
            return
        near = [one for one in self.by_own.get(own_words(firm.name), ()) if own_words(firm.name) and _may_be(one, firm)]
        firm.maybe = same or [one for one in near if one.type == firm.type or not firm.type]
        if not firm.maybe:
            firm.alike = self._alike(firm)

    def _alike(self, firm: Firm) -> Beneficiary | None:
        found = process.extractOne(short_name(firm.name), list(self.by_name), scorer=fuzz.ratio, score_cutoff=ALIKE)
        return next((one for one in self.by_name[found[0]] if _may_be(one, firm)), None) if found else None


def _may_be(known: Beneficiary, firm: Firm) -> bool:
    """Not where both bear tax codes, which differ."""
    return not (known.tax_code and firm.tax_code)


def _worth(name: str) -> tuple[bool, int]:
    """The spelling that is kept: with its form written out, then the longer one."""
    return not re.match(r"(?:cty|ct|c\.ty)\b", name.casefold()), len(name)
