"""What was written down for good holds no person's number: nobody could take it out of there again."""

from __future__ import annotations

import pytest
from django.apps import apps

from khuyencong.accounts.models import User
from khuyencong.append_only import AppendOnly
from khuyencong.fields import KeptLine, KeptText, TextBlock
from khuyencong.funding import Nature
from programmes.models import Decision
from projects.models import ApprovalEntry, Contract, ProjectRevision, StatusChange, Voucher
from projects.services.adjust import Adjusted, adjust_project
from projects.services.corrections import Correction, record_corrections
from projects.services.rounds import submit_round
from tests.factories import MILLION, district
from tests.projects.world import ON, World, letter

NUMBER, MASKED = "031085001234", "031…234"
SAID = f"Ông Phạm Văn Nam ({NUMBER}) đề nghị"


def test_every_text_of_a_row_that_stays_is_of_the_kind_that_masks() -> None:
    """Of lines those in which people are named."""
    for model, name in ((Contract, "partner"), (Voucher, "payee"), (Decision, "signer")):
        assert isinstance(model._meta.get_field(name), KeptLine)
    rows = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
    assert len(rows) > 10
    texts = [(model, field) for model in rows for field in model._meta.fields if isinstance(field, TextBlock)]
    assert not [f"{model.__name__}.{field.name}" for model, field in texts if not isinstance(field, KeptText)]


@pytest.mark.django_db
def test_words_of_a_submission_a_correction_and_an_adjustment_are_masked(
    world: World, centre_head: User, centre_staff: User, department_head: User
) -> None:
    submit_round(plan_round=world.rounds["draft"], actor=centre_head, on=ON, note=SAID)
    slip = ApprovalEntry.objects.get(plan_line=world.cell("approved")[0])
    right = Correction(slip, 60 * MILLION, 55 * MILLION)
    record_corrections(decision=world.rows["letter"], corrections=[right], reason=SAID, actor=department_head)
    project = world.projects["approved"]
    project.refresh_from_db()
    later = Adjusted(None, project.end_on, "units", [district("314", "Huyện Kiến Thụy")], [])
    paper = letter(world, "8/QĐ")
    paper.summary = SAID
    adjust_project(
        project=project,
        plan=world.plan,
        decision=paper,
        wanted=later,
        reason=SAID,
        actor=department_head,
        version=project.version,
    )
    kept = [
        *StatusChange.objects.filter(transition="submit", reason__contains=MASKED),
        *ProjectRevision.objects.filter(reason__contains=MASKED),
        *ApprovalEntry.objects.filter(nature=Nature.CORRECTION, reason__contains=MASKED),
        *Decision.objects.filter(summary__contains=MASKED),
    ]
    assert {bool(row.round_id) for row in kept if isinstance(row, StatusChange)} == {True, False}, "round and project"
    assert {type(row) for row in kept} == {StatusChange, ProjectRevision, ApprovalEntry, Decision}
    for model in apps.get_models():
        for field in model._meta.fields:
            if issubclass(model, AppendOnly) and isinstance(field, TextBlock):
                assert NUMBER not in " ".join(model._default_manager.values_list(field.name, flat=True)), field
