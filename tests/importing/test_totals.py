"""Totals of plan, report and books are those of the file, to the đồng: brought, taken back, brought again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from projects.importing.services.batches import take_back_batch
from projects.ledger.proof import prove
from projects.models import CostLine
from tests.importing.lists import FAIR, HEADER, TRAINING, imported, plan_of, read, workbook
from tests.reports.books import read_book

pytestmark = pytest.mark.django_db


def test_totals_are_those_of_the_file(client: Client, centre_staff: User) -> None:
    """60 and 40,5 of the city, 20 of their own."""
    plan, content = plan_of(centre_staff), workbook([HEADER, TRAINING, FAIR])
    client.force_login(centre_staff)

    def totals() -> tuple[dict[str, int], list[str], str]:
        sums = dict.fromkeys(("KCDP", "DOIUNG"), 0)
        for code, vnd in CostLine.objects.filter(plan_line__project__status="draft").values_list(
            "source__code", "amount_vnd"
        ):
            sums[code] += vnd
        asked = {"year": str(plan.year), "stage": "draft"}
        book = read_book(client.get(reverse("reports:annual_xlsx"), asked).content)["Danh mục"]
        page = client.get(plan.get_absolute_url()).content.decode()
        return sums, book.texts(), page

    for _time in range(2):
        batch = imported(plan, content, centre_staff)
        sums, book, page = totals()
        assert sums == {"KCDP": 100_500_000, "DOIUNG": 20_000_000} and prove().is_clean
        assert "Tổng cộng (2 đề án)" in book and "100.5" in book and "100,5" in page
        take_back_batch(batch=batch, actor=centre_staff)
        sums, book, page = totals()
        assert sums == {"KCDP": 0, "DOIUNG": 0} and prove().is_clean
        assert not [text for text in book if text.startswith("Tổng cộng (2")] and "100,5" not in page


def test_a_total_above_the_list_is_that_of_the_whole_list(centre_staff: User) -> None:
    """Right below the header, where many offices write it: true, and 5 too much."""
    plan, groups = plan_of(centre_staff), [("I", "Đào tạo nghề"), TRAINING, ("II", "Hội chợ"), FAIR]
    for stated, difference in ((100.5, 0), (105.5, 5_000_000)):
        top = (None, "TỔNG CỘNG", None, None, None, None, stated, 20)
        proposal = read(plan, workbook([HEADER, top, *groups]), centre_staff)
        assert [one.difference for one in proposal.sums] == [difference, 0]
        assert [row.row.groups for row in proposal.rows] == [["Đào tạo nghề"], ["Hội chợ"]]
