"""An adjustment that was recorded wrongly is put right under its own letter: what stood stays readable, by day and by
recording."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AdminUnit, AnnualPlan, Decision
from projects.figures.past_texts import former_texts
from projects.models import FieldChange, Project, ProjectRevision
from projects.papers.letter_papers import appendix, has_appendix
from projects.services.adjust import Adjusted, adjust_project, correct_adjustment
from projects.services.cancelling import cancel_decision
from projects.services.project_parts import SupportInput
from tests.factories import approved_project, authority, district, make_decision
from tests.kept import kept
from tests.projects.attempts import code_of, words_of
from tests.sent import fields_of
from tests.there import there

pytestmark = pytest.mark.django_db
ADJUSTED_ON = dt.date(2006, 8, 1)
WORKERS, WOMEN = (SupportInput(group_description=name) for name in ("Lao động nông thôn", "Phụ nữ"))


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """Thêu ren, moved from Tiên Lãng to Kiến Thụy by letter 9/QĐ of 1 August; the letter says Vĩnh Bảo."""
    project = approved_project(staff=centre_staff, head=centre_head, department=department_head)
    district("314", "Huyện Kiến Thụy")
    district("316", "Huyện Vĩnh Bảo")
    adjust(project, department_head, "9/QĐ", "Huyện Kiến Thụy")
    return there(project.latest_plan())


def wanted(place: str, end_on: dt.date | None = None, supports: SupportInput = WORKERS) -> Adjusted:
    return Adjusted(None, end_on, "units", [AdminUnit.objects.get(name=place)], [supports])


def adjust(project: Project, by: User, number: str, place: str, on: dt.date = ADJUSTED_ON, **changes: Any) -> Any:
    current = Project.objects.get(pk=project.pk)
    plan = there(current.latest_plan())
    return adjust_project(
        project=current,
        plan=plan,
        decision=make_decision(organisation=plan.organisation.parent, number=number, on=on),
        wanted=wanted(place, **changes),
        reason="Theo đề nghị của xã",
        actor=by,
        version=current.version,
    )


def correct(by: User, place: str, reason: str = "Gõ nhầm huyện", **changes: Any) -> ProjectRevision:
    revision = ProjectRevision.objects.adjustments().earliest("pk")
    words = {"reason": reason, "version": changes.pop("version", Project.objects.get().version)}
    return correct_adjustment(revision=revision, wanted=wanted(place, **changes), actor=by, **words)


def stood(on: dt.date | None = None, recorded_on: dt.date | None = None) -> str:
    """The place as of then."""
    project = Project.objects.get()
    text = former_texts([project], AsOf(on, recorded_on)).get(project.pk)
    return ", ".join(place["name"] for place in text.places) if text else there(project.places.first()).name


def test_the_right_place_stands_from_the_letters_day_and_the_wrong_one_as_recorded(
    plan: AnnualPlan, department_head: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    today, tomorrow = timezone.now(), timezone.now() + dt.timedelta(days=1)
    assert stood() == "Huyện Kiến Thụy" and stood(dt.date(2006, 7, 31)) == "Huyện Tiên Lãng"
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    correct(department_head, "Huyện Vĩnh Bảo")
    assert stood() == stood(ADJUSTED_ON) == "Huyện Vĩnh Bảo"
    assert stood(dt.date(2006, 7, 31)) == "Huyện Tiên Lãng", "before the letter nothing changed"
    recorded = timezone.localtime(today).date()
    assert stood(None, recorded) == stood(ADJUSTED_ON, recorded) == "Huyện Kiến Thụy", "it stood until today"


def test_the_history_reads_what_was_wrong_with_who_when_and_why(
    client: Client, plan: AnnualPlan, department_head: User, observer: User
) -> None:
    correct(department_head, "Huyện Vĩnh Bảo", supports=WOMEN)
    places, supports = FieldChange.objects.filter(reason="Gõ nhầm huyện").order_by("pk")
    assert (places.before, places.after) == ("Huyện Kiến Thụy", "Huyện Vĩnh Bảo")
    assert (supports.before, supports.after) == ("Lao động nông thôn", "Phụ nữ")
    client.force_login(observer)
    project, decision = Project.objects.get(), Decision.objects.get(number="9/QĐ")
    for address in (
        f"{reverse('projects:journal')}?project={project.pk}",
        project.get_absolute_url(),
        decision.get_absolute_url(),
    ):
        text = client.get(address).content.decode()
        assert "Gõ nhầm huyện" in text and str(department_head) in text, address
    [place, helped] = appendix(decision, observer).texts
    assert (place.difference.before, place.difference.after) == ("Huyện Tiên Lãng", "Huyện Vĩnh Bảo")
    assert place.reason == "Theo đề nghị của xã" and helped.difference.after == "Phụ nữ"


def test_the_page_puts_it_right_and_refuses_beside_the_field(
    client: Client, plan: AnnualPlan, department_head: User
) -> None:
    client.force_login(department_head)
    revision = ProjectRevision.objects.adjustments().get()
    letter = there(revision.decision).get_absolute_url()
    address = reverse("projects:adjustment_correct", args=[revision.pk])
    assert address in client.get(letter).content.decode()
    page = client.get(address)
    assert "Huyện Kiến Thụy" in page.content.decode() and "9/QĐ" in page.content.decode()
    sent = fields_of(page) | {"places": "Huyện Vĩnh Bảo"}
    silent = client.post(address, sent | {"reason": ""})
    assert silent.status_code == 422 and Project.objects.get().places.get().name == "Huyện Kiến Thụy"
    assert client.post(address, sent | {"reason": "Gõ nhầm"}).status_code == 302
    assert Project.objects.get().places.get().name == "Huyện Vĩnh Bảo"
    adjust(Project.objects.get(), department_head, "10/QĐ", "Huyện Tiên Lãng", dt.date(2006, 9, 1))
    again = fields_of(client.get(address)) | {"places": "Huyện Kiến Thụy", "reason": "Gõ nhầm"}
    refused = client.post(address, again)
    assert refused.status_code == 422 and "Địa bàn đã được điều chỉnh lại theo" in refused.content.decode()
    assert "10/QĐ" in refused.content.decode()


def test_what_can_not_be_put_right(
    plan: AnnualPlan, centre_head: User, accountant: User, reviewer: User, department_head: User
) -> None:
    there_is = partial(correct, department_head)
    for person in (centre_head, accountant, reviewer):
        assert code_of(partial(correct, person, "Huyện Vĩnh Bảo")) == "not_allowed"
    assert code_of(partial(there_is, "Huyện Vĩnh Bảo", reason=" ")) == "no_reason"
    assert code_of(partial(there_is, "Huyện Kiến Thụy")) == "nothing"
    assert code_of(partial(there_is, "Huyện Vĩnh Bảo", version=1)) == "stale"
    sent = ProjectRevision.objects.exclude(pk__in=ProjectRevision.objects.adjustments()).get()
    words: dict[str, Any] = {"wanted": wanted("Huyện Vĩnh Bảo"), "reason": "Nhầm", "version": 1}
    assert code_of(partial(correct_adjustment, revision=sent, actor=department_head, **words)) == "no_adjustment"
    adjust(Project.objects.get(), department_head, "10/QĐ", "Huyện Kiến Thụy", dt.date(2006, 9, 1), supports=WOMEN)
    refused = partial(there_is, "Huyện Vĩnh Bảo")
    assert code_of(refused) == "changed_since" and "Đơn vị thụ hưởng" in words_of(refused)
    right = partial(there_is, "Huyện Vĩnh Bảo", supports=WOMEN)
    assert code_of(right) == "done", "what the later letter left as it was is put right beside it"
    AnnualPlan.objects.update(is_closed=True)
    assert code_of(right) == "closed"


@pytest.mark.usefixtures("deciders")
def test_the_letters_authority_must_be_able_to_decide_what_is_right(plan: AnnualPlan, department_head: User) -> None:
    """Of a group project the Department adjusts places; going on into the next year is for who approved it."""
    project = Project.objects.get()
    Project.objects.update(start_on=dt.date(2006, 3, 1), end_on=dt.date(2006, 11, 1))
    longer = partial(correct, department_head, "Huyện Vĩnh Bảo", end_on=dt.date(2007, 3, 1))
    decision = there(ProjectRevision.objects.adjustments().get().decision)
    assert decision.authority == authority("city") and code_of(longer) == "done"
    current = Project.objects.get(pk=project.pk)
    by_department = make_decision(
        organisation=plan.organisation.parent, number="11/SCT", level="department", on=ADJUSTED_ON
    )
    stands = Adjusted(
        current.start_on, dt.date(2006, 10, 1), "units", [AdminUnit.objects.get(name="Huyện Kiến Thụy")], [WORKERS]
    )
    revision = adjust_project(
        project=current, plan=plan, decision=by_department, wanted=stands, reason="Sớm hơn", actor=department_head,
        version=current.version,
    )  # fmt: skip
    beyond = Adjusted(current.start_on, dt.date(2007, 3, 1), "units", stands.places, stands.supports)
    words: dict[str, Any] = {"revision": revision, "reason": "Nhầm", "version": current.version + 1}
    assert code_of(partial(correct_adjustment, wanted=beyond, actor=department_head, **words)) == "unauthorised"


def test_what_the_letter_found_leaves_nothing_that_rests_on_it(plan: AnnualPlan, department_head: User) -> None:
    """An adjustment that was recorded for the wrong project is taken back, and its letter can be cancelled."""
    letter = Decision.objects.get(number="9/QĐ")
    cancel = partial(cancel_decision, decision=letter, reason="Ghi nhầm đề án", actor=department_head)
    assert code_of(cancel) == "rests" and "được điều chỉnh địa bàn" in words_of(cancel)
    correct(department_head, "Huyện Tiên Lãng")
    assert stood() == stood(ADJUSTED_ON) == "Huyện Tiên Lãng"
    assert not has_appendix(letter, department_head)
    cancel()
    assert code_of(partial(correct, department_head, "Huyện Vĩnh Bảo")) == "cancelled"


def test_corrected_again_it_is_the_first_that_is_corrected(plan: AnnualPlan, department_head: User) -> None:
    correct(department_head, "Huyện Vĩnh Bảo")
    correct(department_head, "Huyện Kiến Thụy", reason="Đúng là Kiến Thụy")
    first = ProjectRevision.objects.adjustments().get()
    assert [one.number for one in first.corrections.order_by("pk")] == [3, 4]
    assert stood() == "Huyện Kiến Thụy" and stood(dt.date(2006, 7, 1)) == "Huyện Tiên Lãng"


def test_the_database_wants_a_reason_of_a_correction(plan: AnnualPlan, department_head: User) -> None:
    first = ProjectRevision.objects.adjustments().get()
    row = {"project": first.project, "number": 9, "effective_on": ADJUSTED_ON, "recorded_by": department_head}
    row |= {"snapshot": {}, "occasion": "correction", "decision": first.decision}
    for wrong in ({"corrects": first, "reason": ""}, {"corrects": None, "reason": "Nhầm"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProjectRevision.objects.create(**row, **wrong)
