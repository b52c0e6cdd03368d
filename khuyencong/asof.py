"""Of which day figures speak, and what must have been recorded by when to count in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class AsOf:
    """``effective_on``: what counted on that day. ``recorded_on``: only what had been recorded by its end.

    Without either: all that is known now. False then, so that a page can ask whether it speaks of the past.
    """

    effective_on: dt.date | None = None
    recorded_on: dt.date | None = None

    def __bool__(self) -> bool:
        return self.effective_on is not None or self.recorded_on is not None

    @property
    def recorded_before(self) -> dt.datetime | None:
        """The first moment that is too late, by local days."""
        if self.recorded_on is None:
            return None
        return timezone.make_aware(dt.datetime.combine(self.recorded_on + dt.timedelta(days=1), dt.time.min))

    @property
    def months_before(self) -> dt.date | None:
        """The first month that had not ended on the day."""
        if self.effective_on is None:
            return None
        return (self.effective_on + dt.timedelta(days=1)).replace(day=1)

    def recorded(self, column: str = "recorded_at") -> Q:
        """Rows that had been recorded by then, whenever they count from."""
        return Q() if self.recorded_on is None else Q(**{f"{column}__lt": self.recorded_before})

    def counted(self) -> Q:
        """Rows with ``effective_on`` and ``recorded_at`` that count."""
        day = Q() if self.effective_on is None else Q(effective_on__lte=self.effective_on)
        return day & self.recorded()

    def not_yet(self) -> Q:
        """Rows with ``effective_on`` and ``recorded_at`` that do not count yet; to be asked of the past only."""
        late = Q() if self.effective_on is None else Q(effective_on__gt=self.effective_on)
        return late if self.recorded_before is None else late | Q(recorded_at__gte=self.recorded_before)

    def covers(self, effective_on: dt.date, recorded_at: dt.datetime) -> bool:
        """What :meth:`counted` says, of one row."""
        if self.effective_on is not None and effective_on > self.effective_on:
            return False
        return self.has_recorded(recorded_at)

    def has_recorded(self, recorded_at: dt.datetime) -> bool:
        """What :meth:`recorded` says, of one row."""
        return self.recorded_before is None or recorded_at < self.recorded_before

    def __str__(self) -> str:
        """For pages and files; empty when nothing is asked."""
        day, pin = self.effective_on, self.recorded_on
        if day and pin:
            return _("Số liệu tính đến ngày %(day)s, theo những gì đã ghi nhận đến hết ngày %(pin)s") % {
                "day": f"{day:%d/%m/%Y}",
                "pin": f"{pin:%d/%m/%Y}",
            }
        if day:
            return _("Số liệu tính đến ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"}
        return _("Số liệu theo những gì đã ghi nhận đến hết ngày %(pin)s") % {"pin": f"{pin:%d/%m/%Y}"} if pin else ""

    @property
    def parameters(self) -> dict[str, str]:
        """As they stand in an address."""
        asked = {"as_of": self.effective_on, "recorded": self.recorded_on}
        return {name: f"{day:%d/%m/%Y}" for name, day in asked.items() if day}

    @property
    def query(self) -> str:
        """“?as_of=…”, to be put after an address that asks nothing else."""
        return f"?{urlencode(self.parameters)}" if self else ""

    @property
    def more_query(self) -> str:
        """“&as_of=…”, to be put after other parameters."""
        return f"&{urlencode(self.parameters)}" if self else ""

    @property
    def file_suffix(self) -> str:
        """For the name of a file, without marks: “-tinh-den-2006-06-30-ghi-nhan-den-2006-07-15”."""
        asked = {"-tinh-den-": self.effective_on, "-ghi-nhan-den-": self.recorded_on}
        return "".join(f"{words}{day.isoformat()}" for words, day in asked.items() if day)


NOW = AsOf()
