"""Lists that are not read or not written: another form, who may not, a closed year, an old page, written once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch
from projects.importing.proposals import RowState
from projects.importing.services.batches import StaleBatch, answer_batch, drop_batch, lay_out_batch, write_batch
from projects.models import Project
from projects.refusals import NotAllowed, PlanClosed, Refused
from tests.factories import make_plan, submit_all
from tests.importing.lists import FAIR, HEADER, TRAINING, brought, imported, proposed, workbook
from tests.importing.reading.builders import compound

pytestmark = pytest.mark.django_db


def test_what_was_sent_is_not_changed_by_a_list(plan: AnnualPlan, centre_staff: User, centre_head: User) -> None:
    imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    submit_all(plan=plan, by=centre_head)
    later = (*TRAINING[:6], 70, 20)
    [row] = proposed(brought(plan, workbook([HEADER, later]), centre_staff), centre_staff).rows
    assert row.state == RowState.WRONG and "KC2006-001" in row.wrong[0].text


def test_another_form_is_refused_and_nothing_kept(plan: AnnualPlan, centre_staff: User) -> None:
    with pytest.raises(Refused) as refusal:
        brought(plan, workbook([("Họ tên", "Ngày sinh"), ("An", "1990")]), centre_staff)
    assert refusal.value.code == "other_form" and not ImportBatch.objects.exists()


def test_a_file_behind_a_password_is_refused_and_nothing_kept(plan: AnnualPlan, centre_staff: User) -> None:
    before = set(Path(settings.MEDIA_ROOT).rglob("*"))
    with pytest.raises(Refused) as refusal:
        brought(plan, compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), centre_staff)
    assert "Tệp có đặt mật khẩu" in str(refusal.value) and not ImportBatch.objects.exists()
    assert set(Path(settings.MEDIA_ROOT).rglob("*")) == before


def test_only_whoever_enters_projects_may(plan: AnnualPlan, reviewer: User, centre_staff: User) -> None:
    with pytest.raises(NotAllowed):
        brought(plan, workbook([HEADER, TRAINING]), reviewer)
    batch = brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    for write in (
        lambda: answer_batch(batch=batch, answers={}, version=1, actor=reviewer),
        lambda: lay_out_batch(batch=batch, layout={}, version=1, actor=reviewer),
        lambda: write_batch(batch=batch, version=1, actor=reviewer),
        lambda: drop_batch(batch=batch, actor=reviewer),
    ):
        with pytest.raises(NotAllowed):
            write()


def test_a_closed_year_takes_no_list(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        write_batch(batch=batch, version=batch.version, actor=centre_staff)
    with pytest.raises(PlanClosed):
        brought(AnnualPlan.objects.for_page().get(), workbook([HEADER, TRAINING]), centre_staff)


def test_a_page_that_is_out_of_date_writes_nothing(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    answer_batch(batch=batch, answers={}, version=batch.version, actor=centre_staff)
    with pytest.raises(StaleBatch):
        write_batch(batch=batch, version=batch.version, actor=centre_staff)


def test_a_list_is_written_once_and_a_dropped_one_never(plan: AnnualPlan, centre_staff: User) -> None:
    batch = imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    other = brought(plan, workbook([HEADER, FAIR]), centre_staff)
    drop_batch(batch=other, actor=centre_staff)
    for one in (batch, other):
        with pytest.raises(Refused) as refusal:
            write_batch(batch=one, version=one.version, actor=centre_staff)
        assert refusal.value.code == "over"
    assert Project.objects.count() == 1


def test_lists_of_another_centre_are_not_seen(plan: AnnualPlan, centre_staff: User, stranger: User) -> None:
    brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    assert ImportBatch.objects.visible_to(centre_staff).count() == 1
    assert not ImportBatch.objects.visible_to(stranger).exists()
    make_plan(organisation=stranger.memberships.get().scope)
    assert not ImportBatch.objects.visible_to(stranger).exists()
