"""No kind of record and no column of one can be forgotten: each is in a table, or left out with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from programmes.models import PlanRound
from projects.models import Project
from projects.rules.transitions import PROJECT_TRANSITIONS, ROUND_TRANSITIONS
from reports.takeout.all_tables import LEFT_OUT, TABLES
from reports.takeout.columns import RecordKind, field_at, read_column
from reports.takeout.history_tables import status_labels, step_labels

APPS = ("accounts", "programmes", "projects", "reports")
# Read from the side of the project, whose rows they are.
BY_ANOTHER_PATH = {
    "projects.Project_places.project": "pk",
    "projects.Project_places.adminunit": "places__pk",
    "projects.StatusChange.transition": "step",
}
MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS]
BY_MODEL = {table.model._meta.label: table for table in TABLES}


def said(field: models.Field[Any, Any]) -> str:
    return f"{field.model._meta.label}.{field.name}"


def missing() -> Iterator[str]:
    for model in MODELS:
        label = model._meta.label
        if label in LEFT_OUT:
            continue
        if label not in BY_MODEL:
            yield label
            continue
        for field in model._meta.concrete_fields:
            names = {field.name, field.attname, BY_ANOTHER_PATH.get(said(field))} | (
                {"pk"} if field.primary_key else set()
            )
            if said(field) not in LEFT_OUT and not names & set(BY_MODEL[label].paths):
                yield said(field)


def test_every_model_and_column_is_taken_out_or_left_out_for_a_reason() -> None:
    assert list(missing()) == []


def test_what_is_left_out_exists_and_is_in_no_table() -> None:
    known = {model._meta.label for model in MODELS}
    fields = {said(field) for model in MODELS for field in model._meta.concrete_fields}
    assert set(LEFT_OUT) <= known | fields
    assert not set(LEFT_OUT) & set(BY_MODEL)
    taken = {f"{table.model._meta.label}.{path}" for table in TABLES for path in table.paths}
    assert not set(LEFT_OUT) & taken and all(LEFT_OUT.values())


def test_the_personal_number_is_read_only_masked() -> None:
    numbers = [column for table in TABLES for column in table.columns if column.path.startswith("personal_number")]
    assert [column.kind for column in numbers] == [RecordKind.MASKED]
    assert next(c for c in BY_MODEL["projects.Beneficiary"].columns if c.path == "tax_code").kind is RecordKind.MASKED


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.slug)
def test_headings_are_vietnamese_and_tell_columns_apart(table: Any) -> None:
    with translation.override("vi"):
        columns = table.read_columns()
        assert len({column.title for column in columns}) == len(columns), [column.title for column in columns]
        assert len(str(table.title)) <= 27  # a second sheet adds “ (2)”, and Excel ends at 31
    for column in table.columns:
        field = field_at(table.model, column.path)
        assert column.title or field._verbose_name, column.path
        assert read_column(table.model, column).title


def test_titles_and_names_of_files_are_unique() -> None:
    assert len({table.slug for table in TABLES}) == len({str(table.title) for table in TABLES}) == len(TABLES)


def test_words_of_steps_and_statuses_know_every_code() -> None:
    assert set(status_labels()) == {*Project.Status.values, *PlanRound.Status.values}
    codes = {f"round/{code}" for code in ROUND_TRANSITIONS} | {f"project/{code}" for code in PROJECT_TRANSITIONS}
    assert set(step_labels()) == codes
