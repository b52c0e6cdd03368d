"""Which places of the plan's province a text means, and the words that say more than a unit's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from khuyencong.accounts.models import Organisation
from khuyencong.text import fold, nfc
from programmes.models import AdminUnit, AnnualPlan
from programmes.place_names import Named, PlaceNames

_WHOLE = re.compile(
    r"(?:toan|ca|trong|tren dia ban|dia ban)(?: toan)? (?:thanh pho|tp|tinh|dia ban)(?: .*)?|"
    r"cac (?:xa|huyen|dia phuong|quan huyen)(?: .*)?"
)


@dataclass(frozen=True)
class Meant:
    """``places`` where they are clear; ``open`` the parts that may be several units or that nothing is called by.

    ``words``: the whole text where it says more than the units do, as “3 xã, huyện Vĩnh Bảo”.
    """

    is_whole: bool = False
    places: Sequence[AdminUnit] = ()
    open: Sequence[Named] = ()
    words: str = ""


class PlaceReader:
    """Reads the places of a list; each text once."""

    def __init__(self, plan: AnnualPlan) -> None:
        self._hold(plan.organisation.province(), AdminUnit.objects.of_plan(plan))

    def _hold(self, province: Organisation, units: QuerySet[AdminUnit]) -> None:
        self.names = PlaceNames(units.select_related("parent__parent"))
        self.own = {fold(province.name), fold(province.name.removeprefix("Thành phố ").removeprefix("Tỉnh "))}
        self._read: dict[str, Meant] = {}

    def read(self, text: str) -> Meant:
        key = nfc(text)
        if key not in self._read:
            self._read[key] = self._meant(key)
        return self._read[key]

    def _meant(self, text: str) -> Meant:
        folded = fold(text)
        if not folded:
            return Meant()
        if _WHOLE.fullmatch(folded) or self._is_own(folded):
            return Meant(is_whole=True)
        named = [one for one in self.names.read(text) if not self._is_own(fold(one.typed))]
        clear = [unit for one in named if len(one.units) == 1 for unit in one.units]
        unclear = [one for one in named if len(one.units) > 1]
        unknown = [one for one in named if not one.units]
        if clear and not unclear:
            return Meant(places=list(dict.fromkeys(clear)), words=text if unknown else "")
        if unclear:
            return Meant(places=clear, open=unclear, words=text if unknown else "")
        return Meant(open=named or [Named(text, [])])

    def _is_own(self, folded: str) -> bool:
        """The province itself, which says no place within it."""
        bare = re.sub(r"^(?:thanh pho|tp|tinh|t p) ?", "", folded)
        return bare in self.own or folded in self.own or (bare in {"hp", ""} and folded in {"tp hp", "hp"})


class RegistryPlaces(PlaceReader):
    """Of a province's registry: its units of today and the former ones, since an old list names those."""

    def __init__(self, province: Organisation) -> None:
        self._hold(province, AdminUnit.objects.below_province().in_province(province.area_code))
