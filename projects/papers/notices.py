"""E-mails about what happened: sent after commit, never to whoever did it, each kind to be turned off.

Always in Vietnamese, as the official files are.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from khuyencong.accounts.models import Authorisation, Membership, Notice, NoticeOptOut, Organisation, Role, User
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.text import at_start, inside_sentence
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.models import Appraisal, Comment, Project, StatusChange

logger = logging.getLogger(__name__)
CENTRE = (Role.CENTRE_STAFF, Role.CENTRE_HEAD, Role.ACCOUNTANT)
TEMPLATE = "projects/mail/notice.txt"


def people_to_tell(
    kind: str, organisation_id: int, roles: Iterable[str], *, actor: User, also: Iterable[int | None] = ()
) -> list[User]:
    """Active people with an address who exercise a role over the organisation today, their own or somebody's, and want
    this kind; never the actor.

    ``also`` are ids of people who are told whatever their role there is, as long as they still have one.
    """
    organisation = Organisation.objects.select_related("parent__parent__parent").get(pk=organisation_id)
    scopes = [office.pk for office in organisation.lineage()]
    wanted_roles = list(roles)
    told = Q(memberships__role__in=wanted_roles) | Q(pk__in=[pk for pk in also if pk])
    today = timezone.localdate()
    exercised = Membership.objects.filter(scope__in=scopes).exercised(today)
    delegates = Authorisation.objects.standing(today).filter(role__in=wanted_roles, scope__in=scopes).order_by()
    reached = told & Q(memberships__in=exercised) | Q(pk__in=delegates.values("user"))
    off = NoticeOptOut.objects.filter(user=OuterRef("pk"), notice=kind)
    wanted = User.objects.filter(reached, ~Exists(off), is_active=True)
    return list(wanted.exclude(email="").exclude(pk=actor.pk).distinct().order_by("pk"))


def send(people: Iterable[User], write: Callable[[User], tuple[str, dict[str, Any]]], template: str = TEMPLATE) -> int:
    """One message a person; what the mail server refuses is logged, and nobody's work depends on it.

    An address that is refused is that person's loss alone; a server that fails is not asked again for each of them.
    """
    sent = 0
    try:
        connection = get_connection()
        for person in people:
            with override("vi"):
                subject, context = write(person)
                body = render_to_string(template, {"person": person, "site": settings.SITE_URL, **context})
            message = EmailMessage(f"[Khuyến công] {subject}", body, to=[person.email], connection=connection)
            try:
                sent += message.send()
            except SMTPRecipientsRefused:
                logger.exception("A notice was refused for person %s.", person.pk)
    except Exception:
        logger.exception("Notices could not be sent.")
    return sent


def _tell(
    kind: str,
    *,
    subject: Callable[[], str],
    text: str,
    address: str,
    organisation_id: int,
    roles: Iterable[str],
    actor: User,
    also: Iterable[int | None] = (),
) -> None:
    """Sends once the transaction is committed; a rolled back step tells nobody."""

    def write(person: User) -> tuple[str, dict[str, Any]]:
        return mask_personal_numbers(subject()), {
            "text": mask_personal_numbers(text),
            "address": address,
            "actor": actor,
        }

    def deliver() -> None:
        try:
            people = people_to_tell(kind, organisation_id, roles, actor=actor, also=also)
        except Exception:
            logger.exception("Notices could not be addressed.")
        else:
            send(people, write)

    transaction.on_commit(deliver)


# Of each step of a round: the kind of its notice, who is told, and what happened in the words of those who read it.
CENTRE_PLANNERS = (Role.CENTRE_STAFF, Role.CENTRE_HEAD)
ROUND_NOTICES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "submit": (Notice.SUBMITTED, (Role.REVIEWER,), "Trung tâm đã gửi Sở"),
    "recall": (Notice.SUBMITTED, (Role.REVIEWER,), "Trung tâm rút lại để sửa"),
    "return": (Notice.RETURNED, CENTRE_PLANNERS, "Sở trả lại để bổ sung"),
    "endorse": (Notice.ENDORSED, (Role.DEPARTMENT_HEAD, Role.CENTRE_HEAD), "Sở đã thống nhất"),
    "reopen": (Notice.RETURNED, (Role.REVIEWER, *CENTRE_PLANNERS), "Sở thẩm định lại"),
    "forward": (Notice.ENDORSED, (Role.CENTRE_HEAD,), "Sở đã trình phê duyệt"),
}
# The same of a project's steps that are taken alone and concern the other side.
PROJECT_NOTICES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "withdraw": (Notice.SUBMITTED, (Role.REVIEWER,), "Trung tâm rút đề án"),
    "reconsider": (Notice.RETURNED, (Role.CENTRE_HEAD,), "Sở thẩm định lại"),
}


def round_moved(change: StatusChange, plan_round: PlanRound) -> None:
    """A round was submitted, recalled, returned, endorsed, reopened or forwarded: whoever acts next, and the other
    side."""
    if change.transition not in ROUND_NOTICES:
        return
    kind, roles, words = ROUND_NOTICES[change.transition]
    _tell(
        kind,
        subject=lambda: f"{words}: {plan_round.in_sentence} năm {plan_round.plan.year}",
        text=change.reason,
        address=plan_round.get_absolute_url(),
        organisation_id=plan_round.plan.organisation_id,
        roles=roles,
        actor=change.actor,
    )


def project_moved(change: StatusChange, project: Project) -> None:
    """A project was withdrawn from under the Department, or is appraised again: the other side."""
    if change.transition not in PROJECT_NOTICES or change.source_status not in (*Project.SENT, Project.Status.REFUSED):
        return
    kind, roles, words = PROJECT_NOTICES[change.transition]
    _tell(
        kind,
        subject=lambda: f"{words}: {_line(project, change.in_round)}",
        text=change.reason,
        address=project.get_absolute_url(),
        organisation_id=project.organisation_id,
        roles=roles,
        actor=change.actor,
        also=() if roles == (Role.REVIEWER,) else (project.officer_id, project.created_by_id),
    )


def _line(project: Project, plan_round: PlanRound | None) -> str:
    """A project may stand in two rounds, of which the one says nothing of the other."""
    return f"{project}, {plan_round.in_sentence} năm {plan_round.plan.year}" if plan_round else str(project)


def project_submitted_again(project: Project, *, actor: User, note: str) -> None:
    _tell(
        Notice.SUBMITTED,
        subject=lambda: f"Gửi lại: {project}",
        text=note,
        address=project.get_absolute_url(),
        organisation_id=project.organisation_id,
        roles=(Role.REVIEWER,),
        actor=actor,
    )


def project_reviewed(appraisal: Appraisal) -> None:
    """A returned or refused project: its officer, who entered it, and the Centre's head."""
    if appraisal.conclusion == Appraisal.Conclusion.ACCEPT:
        return
    project = appraisal.project
    _tell(
        Notice.RETURNED,
        subject=lambda: f"{appraisal.get_conclusion_display()}: {_line(project, appraisal.round)}",
        text=appraisal.note,
        address=project.get_absolute_url(),
        organisation_id=project.organisation_id,
        roles=(Role.CENTRE_HEAD,),
        actor=appraisal.appraiser,
        also=(project.officer_id, project.created_by_id),
    )


def letter_recorded(decision: Decision, *plans: AnnualPlan, actor: User, slip: str = "") -> None:
    """A letter assigned, approved, changed, stopped, was put right or cancelled: the Centre, once for all its years.

    ``slip``: why it was put right; empty when the letter itself is recorded.
    """

    def title() -> str:
        """Asked when it is sent, in the language of the mail."""
        is_named = decision.is_number_unknown or decision.has_kind
        letter = inside_sentence(decision.label) if is_named else f"văn bản {decision.label}"
        if decision.is_cancelled:
            return f"Hủy {letter}"
        return f"Đính chính {letter}" if slip else at_start(letter)

    def titled(named: list[str]) -> str:
        return f"{title()}: kế hoạch năm {', '.join(named)}"

    years: dict[int, list[str]] = defaultdict(list)
    for plan in sorted(plans, key=lambda one: one.year):
        years[plan.organisation_id].append(str(plan.year))
    for organisation_id, named in years.items():
        _tell(
            Notice.DECIDED,
            subject=partial(titled, named),
            text=slip or "\n".join(filter(None, (decision.subject, decision.summary))),
            address=decision.get_absolute_url(),
            organisation_id=organisation_id,
            roles=CENTRE,
            actor=actor,
        )


def commented(comment: Comment) -> None:
    """The other side: the Centre hears what the Department remarks and asks again, the reviewers what the Centre
    answers."""
    project = comment.project
    words = "Ý kiến về"
    if (remark := comment.answers) and remark.is_of_centre != comment.is_of_centre:
        words = "Trả lời ý kiến về"
    elif remark and any(one.is_of_centre != remark.is_of_centre for one in remark.replies.standing()):
        words = "Hỏi lại về"
    by_centre = comment.is_of_centre
    _tell(
        Notice.COMMENTED,
        subject=lambda: f"{words}: {project}",
        text=comment.text,
        address=project.get_absolute_url(),
        organisation_id=project.organisation_id,
        roles=(Role.REVIEWER,) if by_centre else (Role.CENTRE_HEAD,),
        actor=comment.author,
        also=() if by_centre else (project.officer_id, project.created_by_id),
    )
