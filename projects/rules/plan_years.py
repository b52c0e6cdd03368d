"""Days of a project and the year of its plan: moved into another year, and told where they lie outside it."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from django.utils.translation import gettext

from projects.models import Project


def moved_by_years(day: dt.date | None, years: int) -> dt.date | None:
    """The same day of the month so many years later; the last of February where there is no 29th."""
    if day is None:
        return None
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def outside_text(project: Project) -> str:
    """“Thời gian thực hiện (01/03/2002 – 30/11/2002) nằm ngoài năm kế hoạch 2020.”; empty where some day of it is in
    the years of its plans, or none is known. A project may begin before its year or last longer, so it only informs."""
    if not project.is_outside_its_years:
        return ""
    days = " – ".join(f"{day:%d/%m/%Y}" for day in (project.start_on, project.end_on) if day)
    years = ", ".join(str(year) for year in sorted({plan.year for plan in project.plans}))
    return gettext("Thời gian thực hiện (%(days)s) nằm ngoài năm kế hoạch %(year)s.") % {"days": days, "year": years}
