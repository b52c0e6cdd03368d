"""One reason for many projects of a plan: what the law asks of all of them alike is answered once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import Project, WarningReason
from projects.pages.plan_warnings import warned_projects
from projects.refusals import PlanClosed
from projects.rules.warnings import findings_of_projects
from projects.services.warning_reasons import WarningGone, give_reason, give_reasons
from tests.factories import MILLION
from tests.law import project_of
from tests.projects.attempts import code_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

WITHOUT = {"KCQG": 50 * MILLION}
OVER = {"KCQG": 350 * MILLION, "DOIUNG": 350 * MILLION}


@pytest.fixture
def projects(centre_staff: User) -> list[Project]:
    """Three that bring nothing of their own, and one over its norm."""
    found = [project_of(by=centre_staff, year=2019, amounts=WITHOUT, name=f"Máy {n}") for n in range(1, 4)]
    over: Any = {"norm": "machinery", "eligible": 700 * MILLION, "units": 1, "group": "Cơ sở"}
    return [*found, project_of(by=centre_staff, year=2019, amounts=OVER, name="Dây chuyền", **over)]


def answered(*projects: Project, code: str = "counterpart_missing") -> dict[int, list[str]]:
    findings = findings_of_projects(list(Project.objects.filter(pk__in=[one.pk for one in projects])), user=None)
    return {pk: [one.fingerprint for one in found.warnings if one.code == code] for pk, found in findings.items()}


def reasons() -> list[tuple[str, str]]:
    return sorted(WarningReason.objects.values_list("project__name", "reason"))


def test_what_is_asked_of_many_is_answered_once(client: Client, centre_staff: User, projects: list[Project]) -> None:
    client.force_login(centre_staff)
    plan = AnnualPlan.objects.get()
    address = reverse("projects:plan_warnings", args=[plan.pk])
    page = client.get(address)
    assert [(one.name, len(one.lines)) for one in page.context["groups"]] == [
        ("chưa có vốn đối ứng", 3),
        ("vượt mức hỗ trợ", 1),
    ]
    keys = [line.key for line, is_ticked in page.context["form"].rows if is_ticked]
    assert len(keys) == 3, "all are ticked until somebody unticks one"
    refused = client.post(address, {"ticked": keys[:2], "reason": " "})
    assert refused.status_code == 422 and "Hãy ghi lý do." in refused.content.decode() and not reasons()
    assert [is_ticked for _line, is_ticked in refused.context["form"].rows] == [True, True, False]
    assert "Chọn ít nhất một dòng." in client.post(address, {"reason": "Vốn"}).content.decode()
    done = client.post(address, {"ticked": keys[:2], "reason": "Vốn của chủ, CCCD 031095001234"}, follow=True)
    assert "Đã ghi lý do cho 2 cảnh báo." in done.content.decode()
    assert [name for name, _reason in reasons()] == ["Máy 1", "Máy 2"]
    assert not any("031095001234" in reason for _name, reason in reasons())
    assert [(one.name, len(one.lines)) for one in done.context["groups"]] == [
        ("chưa có vốn đối ứng", 1),
        ("vượt mức hỗ trợ", 1),
    ]
    again = client.post(f"{address}?kind=chưa có vốn đối ứng", {"ticked": keys, "reason": "Vốn"})
    assert again.status_code == 422 and "Có dòng không còn cảnh báo này." in again.content.decode()
    other = client.get(address, {"kind": "vượt mức hỗ trợ"})
    assert "Dây chuyền" in other.content.decode() and "Máy 3" not in other.content.decode()


def test_the_way_leads_from_a_round_that_is_not_ready_and_ends_when_all_is_said(
    client: Client, centre_head: User, projects: list[Project]
) -> None:
    client.force_login(centre_head)
    plan, plan_round = AnnualPlan.objects.get(), projects[0].lines.get(round__level="national").round
    address = reverse("projects:plan_warnings", args=[plan.pk])
    submit = reverse("projects:round_submit", args=[plan_round.pk])
    assert address in client.get(submit).content.decode()
    for group in warned_projects(plan, centre_head):
        keys = [line.key for line in group.lines]
        sent = {"ticked": keys, "reason": "Theo đề nghị của xã"}
        assert client.post(f"{address}?kind={group.name}", sent).status_code == 302
    assert "Không còn cảnh báo nào cần ghi lý do." in client.get(address).content.decode()
    assert address not in client.get(submit).content.decode()


def test_all_or_none(centre_staff: User, projects: list[Project]) -> None:
    """A warning that stands no more is named by its project; one that has a reason keeps it alone."""
    words: dict[str, Any] = {"reason": "Vốn của chủ", "actor": centre_staff}
    wanted = answered(*projects[:3])
    with pytest.raises(WarningGone, match=projects[2].code):
        give_reasons(answered={**wanted, projects[2].pk: ["counterpart_missing:1"]}, **words)
    assert not reasons()
    assert code_of(lambda: give_reasons(answered=wanted, reason=" ", actor=centre_staff)) == "no_reason"
    give_reason(project=projects[0], fingerprint=wanted[projects[0].pk][0], reason="Đã có", actor=centre_staff)
    assert give_reasons(answered=wanted, **words) == 2
    assert reasons() == [("Máy 1", "Đã có"), ("Máy 2", "Vốn của chủ"), ("Máy 3", "Vốn của chủ")]


def test_of_a_closed_year_none_is_kept(centre_staff: User, projects: list[Project]) -> None:
    wanted = answered(*projects[:2])
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        give_reasons(answered=wanted, reason="Vốn", actor=centre_staff)
    assert not reasons()


def test_number_of_statements_does_not_grow(centre_staff: User, projects: list[Project]) -> None:
    counts = []
    for size in (2, 1):
        wanted = answered(*projects[:3][:size] if size == 2 else projects[2:3])
        with CaptureQueriesContext(connection) as asked:
            give_reasons(answered=wanted, reason="Vốn", actor=centre_staff)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
