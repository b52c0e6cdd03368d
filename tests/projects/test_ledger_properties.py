"""Thousands of random writes to the ledger, with questions in between, agree with a model in plain Python.

The model is in ``plain_ledger.py``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AllocationEntry, AnnualPlan
from projects.ledger.letter_amounts import amounts_around
from projects.ledger.proof import prove
from projects.ledger.remainders import envelopes, paid_cells
from projects.models import ApprovalEntry, CellKey, PaymentEntry, PlanLine, Project
from projects.services.carry_over import CarriedLine, carry_over
from projects.services.corrections import Correction, record_corrections
from projects.services.decision_checks import DecisionRefused
from projects.services.money_checks import MoneyRefused
from projects.services.payments import RightAmount, correct_entries
from projects.services.years import join_plan
from tests.factories import MILLION, decide, forward_all, make_decision, make_plan, make_project, source, submit_all
from tests.projects.accounting import pay
from tests.projects.plain_ledger import Amount, Model

pytestmark = [pytest.mark.django_db, pytest.mark.long]

START = dt.date(2006, 6, 16)
DAYS = [START + dt.timedelta(days=10 * index) for index in range(8)]
LIMITS = {"over_commitment", "excess"}


amounts, days, picks = st.integers(5, 40), st.sampled_from(DAYS), st.integers(0, 1000)
operations = st.one_of(
    st.tuples(st.just("assign"), picks, st.integers(50, 150), days),
    st.tuples(st.just("approve"), st.lists(st.tuples(picks, amounts), min_size=1, max_size=3), days),
    st.tuples(st.just("pay"), st.lists(st.tuples(picks, st.integers(1, 12)), min_size=1, max_size=3), picks, days),
    st.tuples(st.just("take back"), picks, st.integers(1, 8), picks, days),
    st.tuples(st.just("correct letter"), picks, amounts),
    st.tuples(st.just("correct assignment"), picks, st.integers(50, 150)),
    st.tuples(st.just("correct payment"), picks, st.integers(0, 25)),
    st.tuples(st.just("carry over"), picks, st.integers(1, 10), days),
)


class World:
    """Two plans, three projects with a line in both; every operation goes to the program and to the model."""

    def __init__(self, plans: list[AnnualPlan], keys: list[CellKey], head: User, accountant: User) -> None:
        self.plans, self.keys, self.head, self.accountant = plans, keys, head, accountant
        lines = PlanLine.objects.select_related("round")
        self.plan_of = {key: lines.get(pk=key[0]).round.plan_id for key in keys}
        self.model, self.number = Model(DAYS), 0
        self.letters: dict[int, tuple[Amount, list[Any]]] = {}  # the model's step behind each entry's id
        self.assignments: dict[int, tuple[Amount, list[Any]]] = {}
        self.vouchers: dict[int, list[Any]] = {}
        self.answers: Counter[str] = Counter()
        self.model.assigned = {plan.pk: Amount() for plan in plans}
        self.model.approved = {key: Amount() for key in keys}
        self.model.paid = {(key, way): [] for key in keys for way in ("in", "out")}
        for plan in plans:
            self.run(("assign", plans.index(plan), 90, START))
            own = [key for key in keys if self.plan_of[key] == plan.pk]
            self.run(("approve", [(keys.index(key), 20) for key in own], START))

    def run(self, operation: tuple[Any, ...]) -> None:
        """Does it twice; a refusal for a limit must be one that the model sees too, and the other way round."""
        name, *rest = operation
        self.number += 1
        undo = [(steps, list(steps)) for steps in self._all_steps()]
        edited = [(step, list(step)) for steps, _kept in undo for step in steps]
        try:
            with transaction.atomic():
                getattr(self, name.replace(" ", "_"))(*rest)
        except (DecisionRefused, MoneyRefused) as refusal:
            self.answers[f"{name}: {refusal.code}"] += 1
            if refusal.code in LIMITS:
                assert self.model.breaks(self.plan_of), (operation, refusal.messages)
            for steps, kept in undo:
                steps[:] = kept
            for step, values in edited:
                step[:] = values
        else:
            self.answers[name] += 1
            assert not self.model.breaks(self.plan_of), operation

    def _all_steps(self) -> list[list[Any]]:
        amounts = [*self.model.assigned.values(), *self.model.approved.values()]
        return [*(amount.steps for amount in amounts), *self.model.paid.values()]

    def assign(self, pick: int, after: int, day: dt.date) -> None:
        plan = self.plans[pick % 2]
        amount = self.model.assigned[plan.pk]
        if amount.steps and after == amount.on(None):
            return
        step = self.model.step(day, "set", after)
        amount.steps.append(step)
        letter = decide(plan=plan, by=self.head, assigned={"KCDP": after * MILLION}, number=f"G{self.number}", on=day)
        for entry in AllocationEntry.objects.filter(decision=letter):
            self.assignments[entry.pk] = (amount, step)

    def approve(self, wanted: list[tuple[int, int]], day: dt.date) -> None:
        """One letter over several lines of one plan, judged as a whole."""
        first = self.keys[wanted[0][0] % len(self.keys)]
        plan = next(plan for plan in self.plans if plan.pk == self.plan_of[first])
        after = {self.keys[pick % len(self.keys)]: amount for pick, amount in wanted}
        after = {key: amount for key, amount in after.items() if self.plan_of[key] == plan.pk}
        changed = {key: amount for key, amount in after.items() if amount != self.model.approved[key].on(None)}
        if not changed:
            return
        steps = {key: self.model.step(day, "set", amount) for key, amount in changed.items()}
        for key, step in steps.items():
            self.model.approved[key].steps.append(step)
        approved = {key: amount * MILLION for key, amount in changed.items()}
        letter = decide(plan=plan, by=self.head, approved=approved, number=f"Q{self.number}", on=day)
        for entry in ApprovalEntry.objects.filter(decision=letter):
            key = (entry.plan_line_id, entry.component_id, entry.source_id)
            self.letters[entry.pk] = (self.model.approved[key], steps[key])

    def pay(self, wanted: list[tuple[int, int]], way: int, day: dt.date) -> None:
        self._voucher([(self.keys[pick % len(self.keys)], "payment", amount) for pick, amount in wanted], way, day)

    def take_back(self, pick: int, amount: int, way: int, day: dt.date) -> None:
        self._voucher([(self.keys[pick % len(self.keys)], "recovery", amount)], way, day)

    def _voucher(self, rows: list[tuple[CellKey, str, int]], way: int, day: dt.date) -> None:
        direction = ("out", "in")[way % 2]
        steps: list[list[Any]] = [[day, -amount if kind == "recovery" else amount] for _key, kind, amount in rows]
        for (key, _kind, _amount), step in zip(rows, steps, strict=True):
            self.model.paid[key, direction].append(step)
        head = {"number": f"PC{self.number}", "issued_on": day, "direction": direction}
        voucher = pay(self.plans[0], self.accountant, *rows, **head)
        for entry, step in zip(voucher.entries.order_by("pk"), steps, strict=True):
            self.vouchers[entry.pk] = step

    def correct_letter(self, pick: int, right: int) -> None:
        self._correct(ApprovalEntry, self.letters, pick, right)

    def correct_assignment(self, pick: int, right: int) -> None:
        self._correct(AllocationEntry, self.assignments, pick, right)

    def _correct(self, table: Any, known: dict[int, tuple[Amount, list[Any]]], pick: int, right: int) -> None:
        pk = sorted(known)[pick % len(known)]
        entry = table.objects.select_related("decision").get(pk=pk)
        known[pk][1][3] = right
        after = amounts_around([entry])[entry][1]
        record_corrections(
            decision=entry.decision,
            corrections=[Correction(entry, after, right * MILLION)],
            reason="Gõ nhầm",
            actor=self.head,
        )

    def correct_payment(self, pick: int, right: int) -> None:
        standing = list(PaymentEntry.objects.filter(pk__in=self.vouchers).standing().order_by("pk"))
        if not standing:
            return
        entry = standing[pick % len(standing)]
        step = self.vouchers[entry.pk]
        step[1] = -right if entry.amount_vnd < 0 else right
        for written in correct_entries(
            rights=[RightAmount(entry, right * MILLION)], reason="Gõ nhầm", actor=self.accountant
        ):
            if written.reverses_id is None:
                self.vouchers[written.pk] = step

    def carry_over(self, pick: int, amount: int, day: dt.date) -> None:
        first, second = self.plans
        old = [key for key in self.keys if self.plan_of[key] == first.pk]
        key = old[pick % len(old)]
        new = next(one for one in self.keys if one[1] == key[1] and self.plan_of[one] == second.pk)
        for owner, sign in ((self.model.approved[key], -1), (self.model.approved[new], 1)):
            owner.steps.append(self.model.step(day, "move", sign * amount))
        for plan, sign in ((first, -1), (second, 1)):
            self.model.assigned[plan.pk].steps.append(self.model.step(day, "move", sign * amount))
        letter = make_decision(organisation=first.organisation.parent, number=f"C{self.number}", on=day)
        line = CarriedLine(key, new[0], amount * MILLION)
        carry_over(plan=first, to_plan=second, decision=letter, lines=[line], free={}, actor=self.head)

    def ask(self, day: dt.date | None) -> None:
        """Every balance on that day, from the program and from the model."""
        for plan in self.plans:
            found = next(one for one in envelopes([plan], AsOf(day)) if one.source.code == "KCDP")
            approved = sum(one.on(day) for key, one in self.model.approved.items() if self.plan_of[key] == plan.pk)
            expected = (self.model.assigned[plan.pk].on(day) * MILLION, approved * MILLION)
            assert ((found.assigned_vnd or 0), (found.approved_vnd or 0)) == expected, day
        paid = paid_cells([key[0] for key in self.keys], AsOf(day))
        for key in self.keys:
            for way in ("in", "out"):
                assert paid.get(key, {}).get(way, 0) == self.model.paid_on(key, way, day) * MILLION, (key, way, day)


@pytest.fixture
def stage(centre_staff: User, centre_head: User, department_head: User, accountant: User) -> tuple[Any, ...]:
    """The plans and lines, before any money."""
    first = make_plan(organisation=centre_staff.memberships.get().scope, year=2006)
    for name in ("Thêu ren", "Mây tre", "Đúc gang"):
        make_project(plan=first, by=centre_staff, name=name)
    submit_all(plan=first, by=centre_head)
    forward_all(plan=first)
    second = make_plan(organisation=first.organisation, year=2007)
    Project.objects.update(status=Project.Status.APPROVED)
    for project in Project.objects.order_by("pk"):
        asked = {(project.components.get().pk, source("KCDP")): 10 * MILLION}
        join_plan(project=project, plan=second, asked=asked, actor=centre_staff, version=project.version)
    submit_all(plan=second, by=centre_head, on=dt.date(2006, 3, 1))
    forward_all(plan=second)
    city = source("KCDP").pk
    lines = PlanLine.objects.order_by("round__plan__year", "pk")
    keys = [(line.pk, line.project.components.get().pk, city) for line in lines]
    return [first, second], keys, department_head, accountant


@settings(
    max_examples=20 if connection.vendor == "sqlite" else 12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking these sequences takes longer than reading them
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
@given(steps=st.lists(st.tuples(operations, st.sampled_from([None, *DAYS])), min_size=100, max_size=120))
def test_random_ledger_agrees_with_the_model_on_every_day(stage: tuple[Any, ...], steps: list[Any]) -> None:
    with transaction.atomic():
        world = World(*stage)
        for number, (operation, day) in enumerate(steps):
            world.run(operation)
            if number % 3 == 0:
                world.ask(day)
        for day in (None, *DAYS):
            world.ask(day)
        found = [line for line in prove().findings.splitlines() if "trạng thái" not in line]
        assert not found
        transaction.set_rollback(True)
    print(sum(world.answers.values()), dict(world.answers))
