"""Recording what a save changed, field by field. Kept in Vietnamese, whatever language the writer's pages have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.translation import override

from khuyencong.accounts.models import User
from programmes.models import Decision
from projects.models import Beneficiary, FieldChange, Project
from projects.papers.snapshots import Difference, differences, take_snapshot, texts_of_costs, texts_of_items
from projects.rules.permissions import RIGHTS


def record_project_changes(
    project: Project, before: dict[str, Any], *, actor: User, decision: Decision | None = None, reason: str = ""
) -> list[FieldChange]:
    """Stores what differs between an earlier snapshot and the project as it stands now."""
    with override("vi"):
        changes = differences(before, take_snapshot(project))
        return record_field_changes(project, changes, actor=actor, decision=decision, reason=reason)


def record_gone_costs(projects: Collection[Project], *, actor: User) -> None:
    """Stores what they asked for and its estimate in detail, which are about to go, in few statements."""
    with override("vi"):
        gone = {"costs": texts_of_costs(projects), "items": texts_of_items(projects)}
    by_id = {project.pk: project for project in projects}
    FieldChange.objects.bulk_create(
        change
        for field, texts in gone.items()
        for pk, text in texts.items()
        for change in _field_changes(by_id[pk], [Difference(field, text, "")], actor)
    )


def record_field_changes(
    record: Project | Beneficiary,
    changes: Iterable[Difference],
    *,
    actor: User,
    decision: Decision | None = None,
    reason: str = "",
) -> list[FieldChange]:
    """Stores the differences of one save, in the transaction of that save; personal numbers only masked.

    ``reason``: why what was recorded is put right.
    """
    return FieldChange.objects.bulk_create(_field_changes(record, changes, actor, decision, reason))


def record_changes_of_many(changes: Mapping[Beneficiary, Iterable[Difference]], *, actor: User) -> list[FieldChange]:
    """The same of several records that were saved at once."""
    found = [one for record, each in changes.items() for one in _field_changes(record, each, actor)]
    return FieldChange.objects.bulk_create(found, batch_size=500)


def _field_changes(
    record: Project | Beneficiary,
    changes: Iterable[Difference],
    actor: User,
    decision: Decision | None = None,
    reason: str = "",
) -> Iterator[FieldChange]:
    """Under a letter the Department writes; else who keeps projects and the registry, who are the same."""
    owner = {"project": record} if isinstance(record, Project) else {"beneficiary": record}
    principal = _principal(record, actor, "adjust" if decision else "write")
    for change in changes:
        yield FieldChange(
            field=change.field,
            before=change.before,
            after=change.after,
            actor=actor,
            on_behalf_of_id=principal,
            decision=decision,
            reason=reason,
            **owner,
        )


def _principal(record: Project | Beneficiary, actor: User, code: str) -> int | None:
    """In whose name the actor writes; the registry is the province's, and kept by whoever writes at an office there."""
    roles = RIGHTS[code].roles
    offices = [record.organisation_id] if isinstance(record, Project) else sorted(actor.organisation_ids_with(*roles))
    principals = [actor.principal_for(office, *roles) for office in offices]
    return next(iter(principals), None) if all(principals) else None


def record_in_admin(told: Mapping[Model, str], *, added: Collection[Model], actor: User) -> None:
    """What the administration's own history says of records of one model that were written at once: of each in words
    what became of it; it was changed unless it is among those added."""
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                user_id=actor.pk,
                content_type=ContentType.objects.get_for_model(record),
                object_id=str(record.pk),
                object_repr=str(record)[:200],
                action_flag=ADDITION if record in added else CHANGE,
                change_message=words,
            )
            for record, words in told.items()
        ],
        batch_size=500,
    )
