"""Several people with one list, and a machine that stops in the middle: no half plan, nothing twice."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest
from django.db import connections

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.services import batches
from projects.importing.services.batches import answer_batch, take_back_batch, write_batch
from projects.ledger.proof import prove
from projects.models import Beneficiary, CostLine, PlanLine, Project
from projects.refusals import Refused
from tests.importing.lists import FAIR, HEADER, TRAINING, brought, imported, workbook
from tests.projects.at_once import together
from tests.there import there

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6


def test_one_list_brought_by_several_is_written_once(plan: AnnualPlan, centre_staff: User) -> None:
    content = workbook([HEADER, TRAINING, FAIR])
    own = [brought(plan, content, centre_staff) for _person in range(PEOPLE)]

    def write(index: int) -> str:
        try:
            write_batch(batch=own[index], version=own[index].version, actor=centre_staff)
        except Refused as refusal:
            return refusal.code
        return "written"

    assert together(write, PEOPLE) == {"written": 1, "nothing": PEOPLE - 1}
    assert Project.objects.count() == 2 and Beneficiary.objects.count() == 1


def test_one_batch_is_written_once_and_taken_back_once(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, workbook([HEADER, TRAINING, FAIR]), centre_staff)

    def write(index: int) -> str:
        try:
            write_batch(batch=batch, version=batch.version, actor=centre_staff)
        except Refused as refusal:
            return refusal.code
        return "written"

    assert together(write, PEOPLE) == {"written": 1, "over": PEOPLE - 1}

    def take_back(index: int) -> str:
        try:
            take_back_batch(batch=batch, actor=centre_staff)
        except Refused as refusal:
            return refusal.code
        return "taken back"

    assert together(take_back, PEOPLE) == {"taken back": 1, "over": PEOPLE - 1}
    assert Project.objects.count() == 2 and not PlanLine.objects.exists()


def test_of_answers_given_at_once_one_is_kept(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, workbook([HEADER, (1, "Việc khác", None, "Tiên Lãng", None, None, 6, None)]), centre_staff)

    def answer(index: int) -> str:
        try:
            answer_batch(batch=batch, answers={"x": str(index)}, version=batch.version, actor=centre_staff)
        except Refused as refusal:
            return refusal.code
        return "kept"

    assert together(answer, PEOPLE) == {"kept": 1, "stale": PEOPLE - 1}


def write_slowly(batch_pk: int, actor_pk: int, diary: Path) -> None:
    """Stops for a while after all rows are stored and before the transaction ends."""
    keep = batches.keep_origins

    def slowly(*arguments: object) -> None:
        keep(*arguments)  # type: ignore[arg-type]
        diary.write_text("stored")
        time.sleep(60)

    batches.keep_origins = slowly  # type: ignore[assignment]
    batch = ImportBatch.objects.select_related("plan", "organisation").get(pk=batch_pk)
    write_batch(batch=batch, version=batch.version, actor=User.objects.get(pk=actor_pk))
    os._exit(0)


def test_a_process_killed_in_the_middle_leaves_nothing(plan: AnnualPlan, centre_staff: User, tmp_path: Path) -> None:
    rows = [HEADER, *((n, f"Đào tạo nghề {n}", f"HTX {n}", "Tiên Lãng", "Cả năm", None, 50, None) for n in range(60))]
    batch = brought(plan, workbook(rows), centre_staff)
    connections.close_all()  # a forked process must not share the parent's connection
    fork, diary = multiprocessing.get_context("fork"), tmp_path / "diary.txt"
    writer = fork.Process(target=write_slowly, args=(batch.pk, centre_staff.pk, diary))
    writer.start()
    for _wait in range(600):
        if diary.exists() or not writer.is_alive():
            break
        time.sleep(0.05)
    assert diary.exists() and writer.is_alive()
    os.kill(there(writer.pid), signal.SIGKILL)
    writer.join(30)
    assert not Project.objects.exists() and not Beneficiary.objects.exists() and not ImportedRow.objects.exists()
    assert ImportBatch.objects.get(pk=batch.pk).is_open
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert Project.objects.count() == 60 and prove().is_clean


def test_taken_back_and_brought_again_adds_up(plan: AnnualPlan, centre_staff: User) -> None:
    content = workbook([HEADER, TRAINING, FAIR])
    for _time in range(3):
        take_back_batch(batch=imported(plan, content, centre_staff), actor=centre_staff)
    imported(plan, content, centre_staff)
    asked = CostLine.objects.for_plans([plan]).from_source("KCDP").values_list("amount_vnd", flat=True)
    assert sum(asked) == 100_500_000 and Project.objects.in_plans([plan]).count() == 2 and prove().is_clean
