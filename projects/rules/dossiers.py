"""Files and remarks: who may add one, who may take one back or erase it, over which organisations."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from khuyencong.accounts.models import Organisation, Role, User
from khuyencong.attachments import Attachment
from khuyencong.text import inside_sentence
from programmes.models import AnnualPlan, Decision, PlanRound, SupportNorm
from projects.models import Comment, Project, ProjectRevision, ReviewNote
from projects.models.review import CENTRE_ROLES
from projects.rules.permissions import RIGHTS
from projects.rules.workflow import closed_text, why_at_rest

Filed = Project | PlanRound | Decision | SupportNorm
# The head of the same side.
HEAD_OF: dict[str, Role] = {
    Role.CENTRE_STAFF: Role.CENTRE_HEAD,
    Role.CENTRE_HEAD: Role.CENTRE_HEAD,
    Role.REVIEWER: Role.DEPARTMENT_HEAD,
    Role.DEPARTMENT_HEAD: Role.DEPARTMENT_HEAD,
    Role.ADMINISTRATOR: Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class Dossier:
    """What files hang on: by which right they come there, over one of which organisations it must be held, and that
    the books of each of its years are closed, if they are."""

    right: str
    organisation_ids: frozenset[int]
    closed: str = ""


def dossier_of(record: Filed) -> Dossier:
    """A letter is of whoever recorded it, and of the Centres whose plans and projects it is about."""
    if isinstance(record, SupportNorm):
        province = record.province_id
        parts = Organisation.objects.in_province(province).values_list("pk", flat=True) if province else ()
        return Dossier("norms", frozenset(parts))
    if isinstance(record, PlanRound):
        return Dossier("attach", frozenset({record.plan.organisation_id}), why_at_rest(record))
    if isinstance(record, Project):
        return Dossier("attach", frozenset({record.organisation_id}), why_at_rest(record))
    plans = list(AnnualPlan.objects.of_decision(record).for_page())
    adjusted = ProjectRevision.objects.of_decision(record).values_list("project__organisation", flat=True)
    ids = {record.organisation_id, *(plan.organisation_id for plan in plans), *adjusted}
    return Dossier("attach", frozenset(ids), closed_text(plans) if plans and all(p.is_closed for p in plans) else "")


def role_for(user: User, code: str, organisation_ids: frozenset[int]) -> str:
    """The first role that gives the user this right over one of them; empty where none does."""
    if code == "norms" and user.is_superuser and organisation_ids:
        return Role.ADMINISTRATOR
    held = (role for role in RIGHTS[code].roles if any(user.holds(pk, role) for pk in organisation_ids))
    return next(held, "")


def role_of_words(
    user: User, project: Project, *, is_under_review: bool = False, answers: Comment | None = None
) -> str:
    """In which role the user says something about the project; empty where they may not. Whoever is on both sides
    speaks for the side whose turn it is: the Department asks while it reviews, the other side answers."""
    held = [role for role in RIGHTS["comment"].roles if user.holds(project.organisation_id, role)]
    is_of_centre = not is_under_review
    if answers is not None:
        is_of_centre = answers.is_of_centre == (answers.author_id == user.pk)
    return next((role for role in held if (role in CENTRE_ROLES) == is_of_centre), held[0] if held else "")


def can_attach(user: User, dossier: Dossier) -> bool:
    return bool(role_for(user, dossier.right, dossier.organisation_ids))


def can_withdraw(user: User, document: Attachment, dossier: Dossier) -> bool:
    """Whoever attached it, as long as they may, and the head of their side."""
    is_own = document.uploaded_by_id == user.pk and can_attach(user, dossier)
    return is_own or _holds(user, _head_of(document.uploader_role), dossier.organisation_ids)


def can_erase(user: User, document: Attachment, dossier: Dossier) -> bool:
    """The head of the side that attached it, and an administrator."""
    roles = (_head_of(document.uploader_role), Role.ADMINISTRATOR)
    return any(_holds(user, role, dossier.organisation_ids) for role in roles)


def can_withdraw_comment(user: User, comment: Comment, project: Project) -> bool:
    """As of files: its author, and the head of their side."""
    ids = frozenset({project.organisation_id})
    is_own = comment.author_id == user.pk and bool(role_for(user, "comment", ids))
    return is_own or _holds(user, _head_of(comment.author_role), ids)


def can_withdraw_note(user: User, note: ReviewNote, project: Project) -> bool:
    """Its author, as long as they read what the Department keeps to itself, and the Department's head."""
    ids = frozenset({project.organisation_id})
    is_own = note.author_id == user.pk and bool(role_for(user, "note", ids))
    return is_own or _holds(user, Role.DEPARTMENT_HEAD, ids)


def _head_of(role: str) -> Role:
    """Who takes back what somebody left in that role; an administrator where the role was not kept."""
    return HEAD_OF.get(role, Role.ADMINISTRATOR)


def _holds(user: User, role: str, organisation_ids: frozenset[int]) -> bool:
    return any(user.holds(pk, role) for pk in organisation_ids)


def refusal_to_withdraw(uploader_role: str) -> str:
    """What is said to whoever may not: who may."""
    text = gettext("Chỉ người đính kèm hoặc %(head)s được rút tài liệu này.")
    return text % {"head": inside_sentence(_head_of(uploader_role).label)}


def refusal_to_withdraw_comment(author_role: str) -> str:
    text = gettext("Chỉ người nêu ý kiến hoặc %(head)s được rút ý kiến này.")
    return text % {"head": inside_sentence(_head_of(author_role).label)}


def refusal_to_withdraw_note() -> str:
    text = gettext("Chỉ người ghi chú hoặc %(head)s được rút ghi chú này.")
    return text % {"head": inside_sentence(Role.DEPARTMENT_HEAD.label)}


def refusal_to_erase(uploader_role: str) -> str:
    roles = dict.fromkeys((_head_of(uploader_role), Role.ADMINISTRATOR))
    text = gettext("Chỉ %(roles)s được xóa nội dung tài liệu này.")
    return text % {"roles": ", ".join(inside_sentence(role.label) for role in roles)}
