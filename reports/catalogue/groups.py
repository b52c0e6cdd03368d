"""In which order the reports of the catalogue are offered, and under which heading."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.catalogue.definitions import BY_CODE, Report

GROUPS = (
    (_("Kinh phí"), ("source-content", "sources", "months", "disbursement")),
    (_("Địa bàn, đối tượng"), ("areas", "beneficiary-types", "beneficiaries")),
    (_("So sánh"), ("comparison", "five-years")),
    (_("Cần lưu ý"), ("late", "over-norm", "status")),
)


def grouped_reports() -> list[tuple[str | Promise, list[Report]]]:
    return [(title, [BY_CODE[code] for code in codes]) for title, codes in GROUPS]
