"""Recorded money and history can't be changed: the program refuses in words, the database by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from khuyencong.accounts.models import Authorisation, RoleChange, User
from khuyencong.append_only import AppendOnlyError
from khuyencong.triggers import append_only_tables, drop_triggers, install_triggers, missing_triggers
from programmes.models import BooksChange, DecisionChange, NormChange, SupportNorm
from projects.ledger.proof import prove
from projects.models import (
    Appraisal,
    ApprovalEntry,
    Comment,
    CommentWithdrawal,
    Commitment,
    Contract,
    HeadChange,
    NoteWithdrawal,
    PastRecord,
    RecommendedAmount,
    ReviewAssignment,
    ReviewDeadline,
    ReviewNote,
    StatusChange,
    WarningReason,
    YearAssessment,
)
from projects.papers.snapshots import Difference
from projects.services.history import record_field_changes
from projects.services.review import add_comment
from tests.factories import MILLION, approved_project, source, submit_annual_report
from tests.kept import kept
from tests.projects.accounting import write_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def approved(centre_staff: User, centre_head: User, department_head: User, accountant: User) -> ApprovalEntry:
    """60 triệu assigned and approved to one project."""
    project = approved_project(staff=centre_staff, head=centre_head, department=department_head)
    add_comment(project=project, actor=department_head, text="Theo dõi sát.")
    WarningReason.objects.create(
        project=project, code="norm_over", fingerprint="x", text="Vượt", reason="Đặc thù", actor=centre_staff
    )
    stated = {"outcome": "unknown", "source": "báo cáo", "effective_on": dt.date(2006, 12, 31)}
    YearAssessment.objects.create(
        plan=project.plans[0], assessment="Đạt", effective_on=dt.date(2006, 12, 31), recorded_by=centre_staff
    )
    PastRecord.objects.create(project=project, recorded_by=centre_staff, **stated)
    RoleChange.objects.create(
        user=centre_staff, scope=project.organisation, role="centre_staff", is_given=True, actor=centre_head
    )
    day = dt.date(2006, 12, 31)
    delegation = Authorisation.objects.create(
        kind="delegation",
        user=centre_staff,
        role="centre_head",
        scope=project.organisation,
        principal=centre_head,
        starts_on=day,
        ends_on=day,
        reason="Nghỉ phép",
        recorded_by=centre_head,
    )
    delegation.end(by=centre_head, reason="Về sớm", on=day)
    RecommendedAmount.objects.create(
        appraisal=Appraisal.objects.get(),
        activity_type=project.components.get().activity_type,
        source=source("KCDP"),
        requested_vnd=60 * MILLION,
        amount_vnd=60 * MILLION,
    )
    record_field_changes(project, [Difference("name", "Thêu", "Thêu ren")], actor=centre_staff)
    entry = ApprovalEntry.objects.get()
    change = {"field": "number", "before": "1", "after": "2", "reason": "Gõ nhầm", "recorded_by": department_head}
    DecisionChange.objects.create(decision=entry.decision, **change)
    CommentWithdrawal.objects.create(comment=Comment.objects.get(), reason="Nhầm", recorded_by=centre_staff)
    of_line = {"project": project, "round": entry.plan_line.round}
    ReviewAssignment.objects.create(**of_line, reviewer=department_head, recorded_by=department_head)
    note = ReviewNote.objects.create(**of_line, text="Theo dõi", author=department_head)
    NoteWithdrawal.objects.create(note=note, reason="Nhầm", recorded_by=department_head)
    ReviewDeadline.objects.create(round=entry.plan_line.round, recorded_by=department_head)
    Commitment.objects.create(project=project, recorded_by=centre_staff)
    activity = project.components.get().activity_type
    norm = SupportNorm.objects.create(
        code="may-moc", regulation=activity.regulation, clause="Điều 1", funding_level="city", activity_type=activity,
        item="Máy móc", unit="cơ sở", max_percent=50, effective_from=dt.date(2006, 1, 1),
    )  # fmt: skip
    NormChange.objects.create(
        norm=norm, field="max_percent", before="30", after="50", reason="Gõ nhầm", recorded_by=department_head
    )
    BooksChange.objects.create(plan=project.plans[0], is_closed=True, reason="Hết năm", recorded_by=department_head)
    write_accounts((entry.plan_line_id, entry.component_id, entry.source_id), accountant, dt.date(2006, 12, 20))
    contract = Contract.objects.get()
    HeadChange.objects.create(
        contract=contract, field="number", before="8/HĐ", after="9/HĐ", reason="Nhầm", recorded_by=accountant
    )
    prove()
    submit_annual_report(by=centre_head)
    return entry


def test_entry_refuses_save_and_delete_in_the_program(approved: ApprovalEntry) -> None:
    approved.amount_vnd = 1
    with pytest.raises(AppendOnlyError):
        approved.save()
    with pytest.raises(AppendOnlyError):
        approved.delete()
    with pytest.raises(AppendOnlyError):
        ApprovalEntry.objects.update(amount_vnd=1)
    with pytest.raises(AppendOnlyError):
        ApprovalEntry.objects.all().delete()


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_database_refuses_to_change_each_kind_of_row(approved: ApprovalEntry, statement: str) -> None:
    money = {
        *(
            "programmes_allocationentry",
            "programmes_decision",
            "programmes_decisionchange",
            "projects_approvalentry",
            "projects_contract",
        ),
        *("projects_contractentry", "projects_voucher", "projects_paymententry", "projects_settlemententry"),
        "projects_proofrun",
    }
    words = {
        *("projects_comment", "projects_commentwithdrawal", "projects_appraisal"),
        *("projects_appraisalanswer", "projects_warningreason"),
        *("projects_reviewassignment", "projects_reviewdeadline", "projects_reviewnote"),
        "projects_notewithdrawal",
        *("programmes_bookschange", "programmes_normchange", "projects_headchange"),
    }
    history = {"projects_statuschange", "projects_projectrevision", "projects_fieldchange", "reports_submittedreport"}
    history |= {"projects_pastrecord", "projects_yearassessment", "accounts_rolechange", "projects_recordedpaper"}
    history |= {"projects_recommendedamount", "accounts_authorisation", "accounts_authorisationend"}
    history |= {"projects_commitment"}
    assert money | words | history == set(append_only_tables())
    for table in append_only_tables():
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table))
    approved.refresh_from_db()
    assert approved.amount_vnd == 60 * MILLION
    # The round: submitted, endorsed, forwarded, approved; the project: submitted, appraised, approved.
    assert StatusChange.objects.count() == 7


def test_truncate_is_refused_even_on_an_empty_table() -> None:
    if connection.vendor != "postgresql":
        assert missing_triggers() == set()  # SQLite has no TRUNCATE; its DELETE is refused above.
        return
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE projects_approvalentry")


def test_check_names_a_missing_trigger_and_install_puts_it_back() -> None:
    from khuyencong.checks import check_append_only_triggers

    assert check_append_only_triggers(databases=["default"]) == []
    drop_triggers()
    errors = check_append_only_triggers(databases=["default"])
    assert len(errors) == len(missing_triggers()) > 0
    assert "projects_approvalentry" in " ".join(error.msg for error in errors)
    install_triggers()
    assert check_append_only_triggers(databases=["default"]) == []
