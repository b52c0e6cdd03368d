"""How official documents are headed and dated (NĐ 30/2020): always in Vietnamese, whatever the page's language."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from khuyencong.accounts.models import Organisation

NO_BREAK = "\u00a0"
UNIT_LINE = "Đơn vị tính: Triệu đồng"  # above a table
ABBREVIATED = {"UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân"}
PLACE = re.compile(r"\b(thành phố|tỉnh) \S.*", re.IGNORECASE)


@dataclass(frozen=True)
class DocumentHead:
    """The two columns on top of a document: who issues it under whom; then place and date. Below it stands who signs:
    ``signer`` are the lines of the title, the names are empty where they are written by hand."""

    superior: str
    issuer: str
    place_and_date: str
    signer: str
    signer_name: str = ""
    has_preparer: bool = False
    preparer: str = ""


def document_head(issuer: Organisation, *, named_on: dt.date, dated_on: dt.date | None) -> DocumentHead:
    """With the names of ``named_on``. Without ``dated_on`` the date is left for the signer to write.

    It is signed by whom the organisation named for its date; by its head, without a name, while it named nobody.
    """
    superior = official_name(issuer.parent, named_on) if issuer.parent else ""
    place = bare_province(issuer.province().name_on(named_on))
    dated = f"{place}, {vietnamese_date(dated_on)}"
    head = DocumentHead(superior, official_name(issuer, named_on), dated, head_of(issuer))
    signer = issuer.signer_on(dated_on or named_on)
    if signer is None:
        return head
    return replace(
        head,
        signer=signer.title,
        signer_name=signer.name,
        has_preparer=signer.has_preparer,
        preparer=signer.preparer,
    )


def head_of(issuer: Organisation) -> str:
    """The title of who leads the organisation, and signs where nobody else is named."""
    return "CHỦ TỊCH" if issuer.kind == Organisation.Kind.PROVINCE else "GIÁM ĐỐC"


def official_name(organisation: Organisation, on: dt.date) -> str:
    """A province signs as its People's Committee."""
    name = organisation.name_on(on)
    return f"Ủy ban nhân dân {name}" if organisation.kind == Organisation.Kind.PROVINCE else name


def in_sentence(organisation: Organisation, on: dt.date) -> str:
    """“Ủy ban nhân dân thành phố Hải Phòng”: the name of a place is small but for its own."""
    return re.sub(r"(?<=Ủy ban nhân dân )(Thành phố|Tỉnh)", lambda one: one[0].lower(), official_name(organisation, on))


def in_full(name: str) -> str:
    """The name of an authority without the abbreviations of daily use: “Ủy ban nhân dân thành phố …”."""
    return re.sub(r"\b(UBND|HĐND)\b", lambda found: ABBREVIATED[found.group()], name)


def bare_province(name: str) -> str:
    return name.removeprefix("Thành phố ").removeprefix("Tỉnh ")


def unbroken(name: str) -> str:
    """The same name, to be broken before its place if at all: never “THÀNH / PHỐ HẢI PHÒNG”."""
    return PLACE.sub(lambda found: found.group().replace(" ", NO_BREAK), name)


def vietnamese_date(on: dt.date | None) -> str:
    """A leading zero only for days 1-9 and months 1-2, which could be added to (NĐ 30/2020).

    An open date leaves the year open too: the report of a year is often signed in the next one.
    """
    if on is None:
        return "ngày …… tháng …… năm ……"
    month = f"{on.month:02}" if on.month < 3 else str(on.month)
    return f"ngày {on.day:02} tháng {month} năm {on.year}"
