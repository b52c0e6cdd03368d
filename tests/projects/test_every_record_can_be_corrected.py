"""Everything that is recorded × how it is put right × who: the wrong one is read on, totals are proved, days keep what
stood."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import Role, User
from khuyencong.asof import NOW, AsOf
from projects.ledger.proof import prove
from tests.kept import APPS
from tests.people import Tree, make_each_role_twice
from tests.projects.attempts import code_of
from tests.projects.corrections import CASES
from tests.projects.recorded_things import THINGS, written
from tests.projects.who_writes import WRITES
from tests.projects.writes import World

pytestmark = pytest.mark.django_db
REASON = "Vì gõ nhầm"
TESTS = Path(__file__).parents[1]
BY_NAME = {thing.name: thing for thing in THINGS}


def test_every_model_is_in_one_row() -> None:
    """A new table of records has no way of correcting until somebody writes it here."""
    named = [label for thing in THINGS for label in thing.models.split()]
    assert len(named) == len(set(named))
    assert set(named) == {model._meta.label for app in APPS for model in apps.get_app_config(app).get_models()}


def test_every_row_is_tried_or_says_why_not() -> None:
    assert set(CASES) == {thing.name for thing in THINGS if thing.service}
    for thing in THINGS:
        assert bool(thing.service) + bool(thing.tried_in) + (not thing.is_put_right) == 1
        assert thing.is_put_right or thing.note, thing.name
        assert thing.asks_reason or thing.note or not thing.service or thing.read_at, thing.name
        assert not thing.tried_in or (TESTS / thing.tried_in).exists(), thing.name


def test_the_document_is_this_table() -> None:
    assert (Path(settings.BASE_DIR) / "docs/corrections.md").read_text() == written()


@pytest.fixture
def people(request: pytest.FixtureRequest, tree: Tree, world: World) -> dict[tuple[str, str], User]:
    named = {("named", role): request.getfixturevalue(role) for role in Role.values}
    return make_each_role_twice(tree) | named


def faults() -> set[str]:
    return set(prove().findings.splitlines())


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_one_is_put_right_and_read_on(
    name: str, world: World, people: dict[tuple[str, str], User], monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = BY_NAME[name]
    case = CASES[name](world, {role if who == "own" else f"{who} {role}": one for (who, role), one in people.items()})
    may = case.who or WRITES[thing.service].roles
    assert case.stands(NOW) == case.wrong
    # Of the world alone: it says of some projects how they stand, without the steps of a year.
    known = faults()

    for (whose, role), person in people.items():
        if whose != "named" and not (whose == "own" and role in may):
            refused = code_of(lambda person=person: case.correct(person, REASON))  # type: ignore[misc]
            assert refused != "done", (whose, role)
    actor = people["own", next(role for role in Role.values if role in may)]
    if thing.asks_reason:
        # A step is refused as one.
        is_step = thing.service.startswith(("steps.", "review.reconsider"))
        assert code_of(lambda: case.correct(actor, " ")) == ("refused" if is_step else "no_reason")

    recorded = timezone.localdate()
    tomorrow = timezone.now() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    case.correct(actor, REASON)
    assert case.stands(NOW) == case.right
    assert faults() <= known, "the proof of totals"
    if case.keeps_days:
        assert case.stands(AsOf(None, recorded)) == case.wrong, "until then it stood"

    reader = Client()
    reader.force_login(people["own", case.reader])
    page = "".join(reader.get(address).content.decode() for address in case.read)
    tables = (f"{reverse('reports:take_out_csv')}?table={table}" for table in case.tables)
    file = "".join(reader.get(address).getvalue().decode() for address in tables)
    reasons = [REASON] if thing.asks_reason else []
    for text in (page, *([file] if case.tables else [])):
        for words in (*case.words, str(actor), *reasons):
            said = words.split("|")[-1 if text is file else 0]
            assert said.replace(".", "") in text.replace(".", ""), (words, "page" if text is page else "take-out")
