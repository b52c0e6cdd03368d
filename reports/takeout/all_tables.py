"""All tables of the system in the order of a file, and what stays in the system, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import User
from reports.takeout.columns import RecordTable
from reports.takeout.history_tables import HISTORY
from reports.takeout.money_tables import MONEY
from reports.takeout.reference_tables import REFERENCE
from reports.takeout.work_tables import PLANS, PROJECTS

GROUPS: tuple[tuple[str | Promise, Sequence[RecordTable]], ...] = (
    (_("Kế hoạch"), PLANS),
    (_("Đề án và đơn vị thụ hưởng"), PROJECTS),
    (_("Văn bản và kinh phí"), MONEY),
    (_("Thẩm định và lịch sử"), HISTORY),
    (_("Danh mục dùng chung"), REFERENCE),
)
TABLES: tuple[RecordTable, ...] = tuple(table for _title, tables in GROUPS for table in tables)

# Model, or model.field → why. A test compares this and the tables with every model of the system.
LEFT_OUT = {
    "accounts.User": "accounts belong to the administrator; names stand beside what people recorded",
    "accounts.User_groups": "Django's own, not used",
    "accounts.User_user_permissions": "Django's own, not used",
    "accounts.Membership": "rights in this system, kept by the administrator",
    "accounts.RoleChange": "rights in this system; read on the person's page of the administration",
    "accounts.Authorisation": "rights in this system; read on the account's page and in the administration",
    "accounts.AuthorisationEnd": "stands beside the authorisation that it ends",
    "accounts.FormDraft": "one person's unfinished typing, personal numbers included",
    "accounts.NoticeOptOut": "which e-mails a person does not want",
    "accounts.Organisation.name_key": "derived: order of names",
    "programmes.AdminUnit.search": "derived: folded text",
    "programmes.AdminUnit.name_key": "derived: order of names",
    "programmes.Authority.name_key": "derived: order of names",
    "programmes.Decision.amendments": "derived: how many rows tell what was put right",
    "projects.Contract.amendments": "derived, as of a letter",
    "projects.Voucher.amendments": "derived, as of a letter",
    "programmes.Decision.search": "derived: folded text",
    "programmes.DecisionDocument.file": "where the content lies on the server; the content is downloaded from its page",
    "programmes.NormDocument.file": "where the content lies on the server; the content is downloaded from its page",
    "programmes.RoundDocument.file": "where the content lies on the server; the content is downloaded from its page",
    "projects.Project_places.id": "says nothing: project and place name the row",
    "projects.Project.version": "counts saves, so that two people notice each other",
    "projects.Project.search": "derived: folded text",
    "projects.Project.name_key": "derived: order of names",
    "projects.ProjectDocument.file": "where the content lies on the server; the content is downloaded from its page",
    "projects.RecordedPaper.page": "the page as printed; its words are in the facts",
    "projects.RecordedPaper.word": "the file as made; it is downloaded from the paper's page",
    "projects.Beneficiary.version": "counts saves, so that two people notice each other",
    "projects.Beneficiary.search": "derived: folded text",
    "projects.Beneficiary.name_short": "derived: the name as names are compared",
    "projects.Beneficiary.name_own": "derived: what near names have in common",
    "projects.Beneficiary.name_key": "derived: order of names",
    "projects.Support.group_search": "derived: folded text",
    "projects.PersonalNumber": "personal data (field-rules §6): masked, beside the beneficiary",
    "projects.Voucher.search": "derived: folded text",
    "projects.StatusChange.transition": "said in words by the step",
    "projects.FieldChange.search": "derived: folded text",
    "projects.WarningReason.fingerprint": "joins a reason to a warning that is computed anew each time",
    "reports.SavedView": "one person's choice of columns and filters; it holds no record",
    "reports.SubmittedReport.book": "what the file says, as data, to be compared with today",
    "reports.SubmittedReport.file": "the file as submitted; it is downloaded from the report's page",
    "projects.ProofRun": "checks of the program itself, which its administrator runs",
}


@dataclass(frozen=True)
class Counted:
    """A table with the number of rows that the user would get."""

    table: RecordTable
    row_count: int


def counted_groups(user: User) -> list[tuple[str | Promise, list[Counted]]]:
    """One query for each table, however many rows there are."""
    return [(title, [Counted(table, table.count(user)) for table in tables]) for title, tables in GROUPS]


def table_named(slug: str) -> RecordTable | None:
    return next((table for table in TABLES if table.slug == slug), None)
