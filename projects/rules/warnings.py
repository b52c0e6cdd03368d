"""What is unwise about projects: each warning with its clause, whether it needs a reason, and the reasons given.

Warnings never block by themselves; a project is not sent with one that needs a reason and has none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import User
from khuyencong.providers import WarningSource, provided
from khuyencong.text import translated
from programmes.models import EligibilityRule
from projects.models import CellKey, Project, WarningCode, WarningReason
from projects.models.commitment import COMMITMENTS
from projects.models.warning import warning_labels
from projects.rules.deadlines import SETTLEMENT, deadlines
from projects.rules.double_support import DoubleSupport, How
from projects.rules.eligibility import (
    COMMITMENT,
    COUNTERPART,
    content_problem,
    judge_places,
    judge_types,
    rules_on,
    type_text,
)
from projects.rules.norms import Assessment, NormAnswer, assess
from projects.rules.plan_years import outside_text
from projects.rules.warning_facts import Standing, WarningFacts, load_facts

# To go on in spite of one of these, a reason has to be given; the others only inform.
NEED_REASON = frozenset(
    {
        WarningCode.NORM_OVER,
        WarningCode.NORM_UNCONFIRMED_OVER,
        WarningCode.PLACE_NOT_ELIGIBLE,
        WarningCode.CONTENT_NOT_ELIGIBLE,
        WarningCode.TYPE_NOT_ELIGIBLE,
        WarningCode.ALREADY_SUPPORTED,
        WarningCode.COUNTERPART_MISSING,
        WarningCode.COMMITMENT_MISSING,
    }
)
_WHO: dict[How, str | Promise] = {
    How.SURE: "%(name)s",
    How.SAME_NAME: gettext_lazy("Một đơn vị cùng tên với %(name)s"),
    How.NEAR_NAME: gettext_lazy("Một đơn vị có tên gần giống %(name)s"),
}


@dataclass(frozen=True)
class ProjectWarning:
    """One warning. ``fingerprint``: the code, what it is about and its figures; ``address`` opens what it names.

    ``label`` where the name of the code does not say it well.
    """

    code: str
    text: str
    fingerprint: str
    citation: str = ""
    address: str = ""
    address_label: str = ""
    label: str = ""
    reasons: tuple[WarningReason, ...] = ()

    @property
    def name(self) -> str:
        return self.label or str(warning_labels()[self.code])

    @property
    def needs_reason(self) -> bool:
        return self.code in NEED_REASON or any(self.code in one.need_reason for one in provided(WarningSource))

    @property
    def is_unanswered(self) -> bool:
        return self.needs_reason and not self.reasons


@dataclass(frozen=True)
class Findings:
    """All that is said of one project: how each content stands to its norm, and the warnings.

    ``other_reasons`` were given for figures that stand no more.
    """

    judged_on: dt.date
    assessments: list[Assessment] = field(default_factory=list)
    warnings: list[ProjectWarning] = field(default_factory=list)
    other_reasons: list[WarningReason] = field(default_factory=list)

    @property
    def unanswered(self) -> list[ProjectWarning]:
        return [warning for warning in self.warnings if warning.is_unanswered]

    @property
    def within(self) -> list[Assessment]:
        """Of which nothing is to be warned: within a norm, or without any ceiling."""
        return [one for one in self.assessments if one.answer in (NormAnswer.WITHIN, NormAnswer.NO_CEILING)]

    def find(self, fingerprint: str) -> ProjectWarning | None:
        return next((warning for warning in self.warnings if warning.fingerprint == fingerprint), None)


def warnings_of(
    project: Project,
    *,
    user: User | None,
    on: dt.date | None = None,
    approved_vnd_by_cell: Mapping[CellKey, int] | None = None,
) -> list[ProjectWarning]:
    """The warnings of one project on a day (today without one), those that need a reason first.

    What other projects are called is told only as far as ``user`` may see them. ``approved_vnd_by_cell``: the
    amounts that a letter is about to approve.
    """
    found = findings_of_projects([project], user=user, on=on, approved_vnd_by_cell=approved_vnd_by_cell)
    return found[project.pk].warnings


def findings_of(project: Project, *, user: User | None, on: dt.date | None = None) -> Findings:
    return findings_of_projects([project], user=user, on=on)[project.pk]


def findings_of_projects(
    projects: Sequence[Project],
    *,
    user: User | None,
    on: dt.date | None = None,
    recorded_on: dt.date | None = None,
    approved_vnd_by_cell: Mapping[CellKey, int] | None = None,
    standing: Standing | None = None,
) -> dict[int, Findings]:
    """What is said of each project, in a fixed number of queries however many there are.

    ``recorded_on`` leaves out what was approved by letters that were recorded later; ``standing`` is what stands as
    of those days, where it was read already.
    """
    if not projects:
        return {}
    facts = load_facts(
        projects, on=on, recorded_on=recorded_on, approved_vnd_by_cell=approved_vnd_by_cell, standing=standing
    )
    others = [source.find(projects, user=user, on=on) for source in provided(WarningSource)]
    return {
        project.pk: _findings(project, facts, user, [warning for one in others for warning in one.get(project.pk, ())])
        for project in projects
    }


def _findings(project: Project, facts: WarningFacts, user: User | None, others: Iterable[ProjectWarning]) -> Findings:
    on = facts.judged_on[project.pk]
    province = facts.provinces.get(project.organisation_id)
    assessments = [
        assess(component, asked, book=facts.book, province=province, on=on)
        for component in project.components.all()
        for asked in facts.asked.get(component.pk, [])
    ]
    found = [
        *_norm_warnings(assessments),
        *_place_warnings(project, facts, on),
        *_content_warnings(project, on),
        *_type_warnings(project, facts, on),
        *(_support_warning(one, user) for one in facts.double.get(project.pk, ())),
        *_counterpart_warnings(project, facts, assessments, on),
        *_commitment_warnings(project, facts, assessments, on),
        *_deadline_warnings(project, facts),
        *_time_warnings(project),
        *others,
    ]
    given = facts.reasons.get(project.pk, [])
    warnings = [_with_reasons(warning, given) for warning in found]
    known = {warning.fingerprint for warning in warnings}
    return Findings(
        on,
        assessments,
        sorted(warnings, key=lambda warning: not warning.needs_reason),
        [reason for reason in given if reason.fingerprint not in known],
    )


def _with_reasons(warning: ProjectWarning, given: Iterable[WarningReason]) -> ProjectWarning:
    reasons = tuple(reason for reason in given if reason.fingerprint == warning.fingerprint)
    return ProjectWarning(**{**vars(warning), "reasons": reasons})


def _fingerprint(code: WarningCode, *parts: object) -> str:
    return ":".join(str(part) for part in (code.value, *parts))


def _code_of(one: Assessment) -> WarningCode | None:
    if one.answer == NormAnswer.NO_NORM:
        return WarningCode.NORM_MISSING
    if one.answer == NormAnswer.OVER:
        return WarningCode.NORM_OVER
    if one.answer == NormAnswer.UNCONFIRMED:
        return WarningCode.NORM_UNCONFIRMED_OVER if one.is_over else WarningCode.NORM_UNCONFIRMED
    return None


def _norm_warnings(assessments: Iterable[Assessment]) -> Iterator[ProjectWarning]:
    for one in assessments:
        if code := _code_of(one):
            subject = (one.component.activity_type.code, one.asked.level.value)
            print_ = _fingerprint(code, *subject, one.asked.amount_vnd, one.limit_vnd)
            address = one.norm.get_absolute_url() if one.norm else ""
            label = one.label if one.is_unchosen else ""
            yield ProjectWarning(code, one.text, print_, one.citation, address, _("Xem mức hỗ trợ"), label)


def _place_warnings(project: Project, facts: WarningFacts, on: dt.date) -> Iterator[ProjectWarning]:
    for one in judge_places(project, facts.places, on):
        refused = one.answer == EligibilityRule.Answer.NOT_ELIGIBLE
        code = WarningCode.PLACE_NOT_ELIGIBLE if refused else WarningCode.PLACE_UNCHECKED
        yield ProjectWarning(code, one.text, _fingerprint(code, one.unit.code, one.unit.kind), one.citation)


def _content_warnings(project: Project, on: dt.date) -> Iterator[ProjectWarning]:
    code = WarningCode.CONTENT_NOT_ELIGIBLE
    for component in project.components.all():
        if problem := content_problem(component, on):
            activity = component.activity_type
            yield ProjectWarning(code, problem, _fingerprint(code, activity.code), activity.regulation.cited)


def _type_warnings(project: Project, facts: WarningFacts, on: dt.date) -> Iterator[ProjectWarning]:
    for rule in judge_types(project, facts.places.rules, on):
        refused = rule.answer == EligibilityRule.Answer.NOT_ELIGIBLE
        code = WarningCode.TYPE_NOT_ELIGIBLE if refused else WarningCode.TYPE_UNCHECKED
        yield ProjectWarning(code, type_text(rule), _fingerprint(code, rule.beneficiary_type), rule.citation)


def _support_warning(found: DoubleSupport, user: User | None) -> ProjectWarning:
    """Another scope's project is told by its year and office; of one that only bears the name, that is said."""
    code, other, who = WarningCode.ALREADY_SUPPORTED, found.other, found.beneficiary.name
    print_ = _fingerprint(code, found.beneficiary.pk, found.component.activity_type.code, other.pk)
    said = {
        "who": str(_WHO[found.how]) % {"name": who},
        "content": str(found.component.activity_type),
        "year": other.year or "–",
        "office": other.organisation,
        "project": other.name,
        "code": other.code,
    }
    label = "" if found.is_given else _("đơn vị có đề án khác đề nghị cùng nội dung")
    if user is None or other.organisation_id not in user.visible_organisation_ids():
        given = _("%(who)s đã được hỗ trợ cùng nội dung “%(content)s” năm %(year)s (%(office)s).")
        asked = _("%(who)s đã đề nghị hỗ trợ cùng nội dung “%(content)s” năm %(year)s (%(office)s).")
        return ProjectWarning(code, (given if found.is_given else asked) % said, print_, label=label)
    given = _("%(who)s đã được hỗ trợ cùng nội dung “%(content)s” năm %(year)s: đề án %(code)s “%(project)s”.")
    asked = _("%(who)s cũng đề nghị hỗ trợ cùng nội dung “%(content)s” năm %(year)s: đề án %(code)s “%(project)s”.")
    address = reverse("projects:project_detail", args=[other.pk])
    return ProjectWarning(code, (given if found.is_given else asked) % said, print_, "", address, other.code, label)


def _counterpart_warnings(
    project: Project, facts: WarningFacts, assessments: Sequence[Assessment], on: dt.date
) -> Iterator[ProjectWarning]:
    """Where the law of the day wants money of their own and nobody brings any (field-rules §3)."""
    rules = rules_on(facts.places.rules, COUNTERPART, on)
    if not rules or project.kind == Project.Kind.TASK or project.pk in facts.with_counterpart:
        return
    is_group = not any(support.beneficiary_id for support in project.supports.all())
    partly = [one for one in assessments if not _is_paid_in_full(one, is_group=is_group)]
    if not partly:
        return
    code, rule = WarningCode.COUNTERPART_MISSING, rules[-1]
    why = f": {translated(rule.explanation)}" if rule.explanation else ""
    text = _("Chưa có vốn đối ứng của đơn vị thụ hưởng%(why)s.") % {"why": why}
    amount = sum(one.asked.amount_vnd for one in partly)
    yield ProjectWarning(code, text, _fingerprint(code, amount), rule.citation)


def _commitment_warnings(
    project: Project, facts: WarningFacts, assessments: Sequence[Assessment], on: dt.date
) -> Iterator[ProjectWarning]:
    """Of form 1, which national money asks for (field-rules §7): what the establishments that are named have not
    signed. Nobody signs for a group, nor that it brings a share of what is paid in full."""
    rules = rules_on(facts.places.rules, COMMITMENT, on)
    if not rules or project.pk not in facts.commitments:
        return
    recorded = facts.commitments[project.pk]
    signed = recorded if recorded and recorded.stands else None
    wanted = {"is_without_other_support": signed is None or not signed.is_without_other_support}
    if not all(_is_paid_in_full(one, is_group=False) for one in assessments):
        wanted["is_with_own_share"] = signed is None or not signed.is_with_own_share
    if missing := [name for name, is_missing in wanted.items() if is_missing]:
        code, rule = WarningCode.COMMITMENT_MISSING, rules[-1]
        said = {"said": "; ".join(str(COMMITMENTS[name]) for name in missing)}
        if recorded and recorded.has_lost_scan:
            text = _("Bản quét cam kết ở Mẫu số 1 đã rút, cần đính lại và ghi lại cam kết: %(said)s.") % said
            yield ProjectWarning(code, text, _fingerprint(code, *missing, recorded.document_id), rule.citation)
        else:
            text = _("Chưa ghi cam kết của đơn vị thụ hưởng ở Mẫu số 1: %(said)s.") % said
            yield ProjectWarning(code, text, _fingerprint(code, *missing), rule.citation)


def _is_paid_in_full(one: Assessment, *, is_group: bool) -> bool:
    """Nothing is left for the beneficiary: by a norm of all the cost, or by general rules of spending where a group is
    taught or informed and no establishment is named that could bring money (field-rules §3)."""
    return bool(one.norm and one.norm.max_percent == 100) or (is_group and one.answer == NormAnswer.NO_CEILING)


def _deadline_warnings(project: Project, facts: WarningFacts) -> Iterator[ProjectWarning]:
    accepted_on = facts.accepted_on.get(project.pk)
    for one in deadlines(project, accepted_on=accepted_on, rules=facts.deadline_rules, on=facts.on):
        is_settlement = one.rule.subject == SETTLEMENT
        code = WarningCode.SETTLEMENT_DUE if is_settlement else WarningCode.LIQUIDATION_DUE
        yield ProjectWarning(code, one.text, _fingerprint(code, one.due_on.isoformat()), one.rule.citation)


def _time_warnings(project: Project) -> Iterator[ProjectWarning]:
    if text := outside_text(project):
        code = WarningCode.TIME_OUTSIDE
        yield ProjectWarning(code, text, _fingerprint(code, project.start_on, project.end_on))
