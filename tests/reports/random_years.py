"""Years of random projects with every kind of entry, written as rows: what reports are tried on."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from khuyencong.accounts.models import Organisation, User
from programmes.models import AdminUnit, AllocationEntry, AnnualPlan, Decision, PlanRound
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    Contract,
    ContractEntry,
    CostLine,
    ExecutedAmount,
    PaymentEntry,
    PlanLine,
    ProgressReport,
    Project,
    ProjectComponent,
    SettlementEntry,
    StatusChange,
    Support,
    Voucher,
)
from tests.factories import MILLION, activity, district, make_plan, source
from tests.stories import recorded

DISTRICTS = {"311": "Huyện Thủy Nguyên", "314": "Huyện Kiến Thụy", "315": "Huyện Tiên Lãng"}
ACTIVITIES = {"134-1": "Đào tạo, truyền nghề", "134-2": "Nâng cao năng lực", "134-3": "Mô hình trình diễn"}
EDGES = ((4, 30), (7, 1), (8, 15), (9, 30), (11, 30))  # month and day at which something that is asked begins or ends
FATES = ("draft", "refused", "withdrawn", "approved", "in_progress", "settled", "stopped", "approved")


class Years:
    """Writes plans of two years for two Centres; ``by`` stands as the writer of everything."""

    def __init__(self, dice: random.Random, centre: Organisation, by: User) -> None:
        self.dice, self.by = dice, by
        self.units = [district(code, name) for code, name in DISTRICTS.items()]
        self.activities = [activity(code, name) for code, name in ACTIVITIES.items()]
        second = Organisation.objects.create(
            code="trung-tam-hai", kind="centre", name="Trung tâm thứ hai", parent=centre.parent
        )
        self.helped = [
            Beneficiary.objects.create(province=centre.province(), name=f"Cơ sở {kind}", type=kind)
            for kind in ("enterprise", "cooperative", "household")
        ]
        self.vouchers = 0
        for organisation, year in ((centre, 2006), (centre, 2007), (second, 2007)):
            self._write_plan(organisation, year)

    def _write_plan(self, organisation: Organisation, year: int) -> None:
        plan = make_plan(organisation=organisation, year=year)
        rounds = {
            code: PlanRound.objects.create(plan=plan, level=level, number=1, status="approved")
            for code, level in (("KCDP", "city"), ("KCQG", "national"))
        }
        with recorded(dt.date(year, 3, 2)):
            letter = self._letter(plan, "1/QĐ", dt.date(year, 3, 1))
            for code in rounds:
                self._allocate(plan, code, letter, self.dice.randint(200, 900))
        with recorded(dt.date(year, 9, 5)):
            later = self._letter(plan, "2/QĐ", dt.date(year, 8, 20))
            self._allocate(plan, "KCDP", later, self.dice.choice([-50, 40]))
        for number in range(7):
            self._write_project(plan, rounds, (letter, later), number)

    def _letter(self, plan: AnnualPlan, number: str, on: dt.date) -> Decision:
        words = {"number": f"{number}-{plan.year}-{plan.pk}", "issued_on": on, "effective_on": on}
        return Decision.objects.create(organisation=plan.organisation, recorded_by=self.by, **words)

    def _allocate(self, plan: AnnualPlan, code: str, letter: Decision, millions: int) -> None:
        AllocationEntry.objects.create(
            decision=letter,
            plan=plan,
            source=source(code),
            amount_vnd=millions * MILLION,
            nature="initial",
            effective_on=letter.effective_on,
            recorded_by=self.by,
        )

    def _write_project(
        self, plan: AnnualPlan, rounds: dict[str, PlanRound], letters: Sequence[Decision], number: int
    ) -> None:
        dice, year = self.dice, plan.year
        places: list[AdminUnit] = dice.sample(self.units, dice.randint(0, 2))
        scope = Project.AreaScope.UNITS if places else dice.choice(["whole_city", "not_fixed"])
        fate = FATES[number % len(FATES)] if number < 3 else dice.choice(FATES[3:])
        with recorded(dt.date(year, 2, 1)):
            project = Project.objects.create(
                code=f"KC{year}-{plan.pk}{number}",
                name=f"Đề án {number} của {plan.organisation.code} năm {year}",
                organisation=plan.organisation,
                area_scope=scope,
                status=fate,
                created_by=self.by,
            )
        project.places.set(places)
        for one in dice.sample(self.helped, dice.randint(0, 2)):
            Support.objects.create(project=project, beneficiary=one)
        if dice.random() < 0.4:
            Support.objects.create(project=project, group_description="Các hộ làm nghề")
        if fate != "draft":
            with recorded(dt.date(year, 7, 3)):
                StatusChange.objects.create(
                    project=project,
                    transition="step",
                    source_status="draft",
                    target_status=fate,
                    actor=self.by,
                    effective_on=dt.date(year, 6, 20),
                )
        for kind in dice.sample(self.activities, dice.randint(1, 2)):
            component = ProjectComponent.objects.create(project=project, activity_type=kind)
            for code in dice.sample(list(rounds), dice.randint(1, 2)):
                line, _created = PlanLine.objects.get_or_create(round=rounds[code], project=project)
                key = {"plan_line": line, "component": component, "source": source(code)}
                self._write_money(key, year, letters, is_approved=fate not in ("draft", "refused", "withdrawn"))

    def _write_money(self, key: dict[str, Any], year: int, letters: Sequence[Decision], *, is_approved: bool) -> None:
        """Asked for by everybody; some of the rest, on random days of the year and the first weeks of the next."""
        dice = self.dice
        if dice.random() < 0.9:
            CostLine.objects.create(amount_vnd=dice.randint(1, 900) * 100_000, **key)
        own = {**key, "source": source("DOIUNG")}
        if dice.random() < 0.5:
            CostLine.objects.create(amount_vnd=dice.randint(1, 90) * MILLION, **own)
        if not is_approved or dice.random() < 0.1:
            return
        first = self._approve(key, letters[0], dice.randint(20, 90) * MILLION, "initial")
        if dice.random() < 0.3:
            self._approve(key, letters[0], -5 * MILLION, "correction", corrects=first, on=dt.date(year, 10, 2))
        if dice.random() < 0.5:
            nature = dice.choice(["adjustment", "supplement", "stop", "carry_over"])
            self._approve(key, letters[1], dice.choice([-10, 7, 15]) * MILLION, nature)
        for _payment in range(dice.randint(0, 3)):
            self._move(key, year)
        if dice.random() < 0.3:
            self._move(own, year, direction="own")
        self._report(key, year)

    def _approve(
        self,
        key: dict[str, Any],
        letter: Decision,
        amount: int,
        nature: str,
        corrects: ApprovalEntry | None = None,
        on: dt.date | None = None,
    ) -> ApprovalEntry:
        with recorded(on or letter.effective_on + dt.timedelta(days=4)):
            return ApprovalEntry.objects.create(
                decision=letter,
                amount_vnd=amount,
                nature=nature,
                corrects=corrects,
                effective_on=letter.effective_on,
                recorded_by=self.by,
                **key,
            )

    def _move(self, key: dict[str, Any], year: int, direction: str = "") -> None:
        """A contract, a payment either way, taken back or not, a settlement."""
        dice, project = self.dice, key["plan_line"].project
        on = dt.date(year, 4, 1) + dt.timedelta(days=dice.randint(0, 300))
        if dice.random() < 0.4:
            on = dt.date(year, *dice.choice(EDGES))
        common = {"amount_vnd": dice.randint(1, 40) * MILLION, "effective_on": on, "recorded_by": self.by, **key}
        self.vouchers += 1
        with recorded(on + dt.timedelta(days=dice.randint(0, 20))):
            voucher = Voucher.objects.create(
                organisation=project.organisation,
                year=on.year,
                number=f"PC-{self.vouchers}",
                issued_on=on,
                direction=direction or dice.choice(["in", "out", "out"]),
                recorded_by=self.by,
            )
            kind = dice.choice(["advance", "payment"])
            entry = PaymentEntry.objects.create(voucher=voucher, kind=kind, **common)
            if dice.random() < 0.2:
                back = common | {"amount_vnd": -entry.amount_vnd}
                PaymentEntry.objects.create(voucher=voucher, kind=kind, reverses=entry, **back)
            if dice.random() < 0.3:
                back = common | {"amount_vnd": -dice.randint(1, 9) * MILLION}
                PaymentEntry.objects.create(voucher=voucher, kind="recovery", **back)
            if not direction and dice.random() < 0.5:
                number = f"{self.vouchers}/HĐ"
                contract = Contract.objects.create(
                    project=project, number=number, signed_on=on, partner="HTX", recorded_by=self.by
                )
                ContractEntry.objects.create(contract=contract, **common)
                SettlementEntry.objects.create(paper=f"QT-{self.vouchers}", **common)

    def _report(self, key: dict[str, Any], year: int) -> None:
        for month in self.dice.sample([5, 9, 11], self.dice.randint(0, 2)):
            with recorded(dt.date(year, month + 1, 10)):
                report, _created = ProgressReport.objects.get_or_create(
                    project=key["plan_line"].project,
                    month=dt.date(year, month, 1),
                    defaults={
                        "is_on_schedule": self.dice.random() < 0.6,
                        "difficulties": self.dice.choice(["", "Thời tiết xấu"]),
                        "reported_by": self.by,
                    },
                )
                if self.dice.random() < 0.7:
                    ExecutedAmount.objects.create(report=report, amount_vnd=month * 2 * MILLION, **key)
