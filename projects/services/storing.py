"""Storing one row, with its files: what its model says of it holds whoever calls, so that nothing is kept that a form
would refuse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from khuyencong.attachments import Attachment, FileNotStored, filing
from khuyencong.fields import fill_text_columns
from khuyencong.money import FRACTION, MAX_VND, NEGATIVE, TOO_LARGE
from programmes.models import FundingSource
from projects.models.project import PlanLine, ProjectComponent
from projects.refusals import Refused

R = TypeVar("R", bound=models.Model)
BATCH_OF_CHANGES = 100  # rows of one UPDATE, each field of which names every row
BATCH = 500  # rows of one statement, which SQLite and PostgreSQL both take


def refuse_amounts(amounts: Iterable[int | None]) -> None:
    """Raises Refused unless each amount is a whole number of đồng, from nothing to the most that is counted."""
    for amount in amounts:
        if amount is None:
            continue
        if not isinstance(amount, int):
            raise Refused(FRACTION, code="fraction")
        if amount < 0:
            raise Refused(NEGATIVE, code="negative")
        if amount > MAX_VND:
            raise Refused(TOO_LARGE, code="too_large")


def refuse_invalid(record: models.Model) -> None:
    """Raises Refused beside the fields whose value can't be: a choice that is none, a text too long or missing.

    Records that it refers to are not looked up; the database keeps those.
    """
    try:
        record.clean_fields(exclude={field.name for field in record._meta.fields if field.is_relation})
    except ValidationError as problem:
        raise Refused(problem, code="invalid") from problem


def store_new(record: R) -> R:
    """Adds the row. Raises Refused for what can't be stored, and for a record that is stored already: it is changed by
    the service for that, under its own rights."""
    if record.pk is not None:
        raise Refused(_("Nội dung này đã được ghi, không ghi lần nữa."), code="stored")
    _save(record, force_insert=True)
    return record


def store_many(records: Sequence[R]) -> Sequence[R]:
    """Adds rows of one model at once, in their order. Raises Refused as :func:`store_new`; then none is stored."""
    for record in records:
        refuse_invalid(record)
    if not records:
        return records
    try:
        with transaction.atomic():
            type(records[0])._base_manager.bulk_create(records, batch_size=BATCH)
    except IntegrityError as error:
        for record in records:
            _refuse_constraint(record)
        raise error
    return records


def store_changes(records: Sequence[R], *fields: str) -> Sequence[R]:
    """Writes these fields of stored rows of one model at once, with the columns that are derived of them. Raises
    Refused as :func:`store_change`; then none is written."""
    for record in records:
        refuse_invalid(record)
    if not records:
        return records
    try:
        with transaction.atomic():
            names = [*fields, *fill_text_columns(records)]
            type(records[0])._base_manager.bulk_update(records, names, batch_size=BATCH_OF_CHANGES)
    except IntegrityError as error:
        for record in records:
            _refuse_constraint(record)
        raise error
    return records


def store_change(record: R, *fields: str) -> R:
    """Writes these fields of a stored row. Raises Refused for what can't be stored."""
    _save(record, update_fields=fields)
    return record


def _save(record: models.Model, **how: Any) -> None:
    refuse_invalid(record)
    try:
        with transaction.atomic():
            record.save(**how)
    except IntegrityError as error:
        _refuse_constraint(record)
        raise error


def _refuse_constraint(record: models.Model) -> None:
    """Says in the words of the model which of its constraints stands in the way, if it is one of them.

    Asked only now, so that what is right costs nothing more, and what was taken a moment ago is seen too.
    """
    for model, constraints in record.get_constraints():
        for constraint in constraints:
            try:
                constraint.validate(model, record)  # type: ignore[attr-defined]  # the stubs forget it
            except ValidationError as problem:
                is_taken = isinstance(constraint, models.UniqueConstraint)
                raise Refused(problem, code="taken" if is_taken else "invalid") from problem


@contextmanager
def filed(field: str) -> Iterator[list[Attachment]]:
    """One transaction for a record and its files, as :func:`filing`. Raises Refused, of the form's field for the file,
    where the server can't store it."""
    try:
        with filing() as files:
            yield files
    except FileNotStored as problem:
        raise Refused({field: problem.messages}, code="not_stored") from problem


def clean_all(entries: Iterable[Any]) -> None:
    """``clean()`` of each entry, with what it asks for read at once, where nobody has read it, and not for each.

    Raises Refused for money in a wrong place, or in one that is gone, and for what no field holds.
    """
    listed = list(entries)
    known = {
        "plan_line": PlanLine.objects.select_related("round"),
        "component": ProjectComponent.objects.all(),
        "source": FundingSource.objects.all(),
    }
    for name, rows in known.items():
        unread = [entry for entry in listed if not entry._meta.get_field(name).is_cached(entry)]
        wanted = {getattr(entry, f"{name}_id") for entry in unread}
        found = rows.in_bulk(wanted)
        if found.keys() != wanted:
            raise Refused(_("Có dòng kế hoạch, nội dung hoặc nguồn kinh phí không còn."), code="gone")
        for entry in unread:
            setattr(entry, name, found[getattr(entry, f"{name}_id")])
    for entry in listed:
        fields = entry._meta.fields
        try:
            entry.clean_fields({one.name for one in fields if one.is_relation or getattr(entry, one.attname) is None})
        except ValidationError as problem:
            raise Refused(problem, code="invalid") from problem
        try:
            entry.clean()
        except ValidationError as problem:
            raise Refused(problem, code="wrong_place") from problem
