"""Taking everything out: what there is, in words and numbers, and the files.

A file is made whole on disk before its first byte is sent, with its length. So a failure is a page that says so,
never a file that ends too early; a broken download falls short of its length, which every browser reports; and no
transaction waits for a slow reader.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from khuyencong.requests import SiteRequest
from reports.takeout.all_tables import TABLES, counted_groups, table_named
from reports.takeout.contents import contents_of
from reports.takeout.csvs import write_archive, write_csv
from reports.takeout.one_moment import snapshot
from reports.takeout.xlsx import write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGUN = "take_out"  # the cookie by which the page knows that its file is on the way
TOKEN = re.compile(r"[0-9a-f]{1,32}")

logger = logging.getLogger(__name__)


@require_safe
def take_out(request: SiteRequest) -> HttpResponse:
    groups = counted_groups(request.user)
    total = sum(row.row_count for _title, rows in groups for row in rows)
    return render(request, "reports/take_out.html", {"groups": groups, "total": total, "table_count": len(TABLES)})


@require_safe
def take_out_xlsx(request: SiteRequest) -> HttpResponseBase:
    contents = contents_of(request.user, timezone.now())
    name = f"khuyen-cong-toan-bo-{timezone.localdate().isoformat()}.xlsx"
    return _file(request, name, XLSX, lambda stream: write_workbook(stream, TABLES, request.user, contents))


@require_safe
def take_out_zip(request: SiteRequest) -> HttpResponseBase:
    contents = contents_of(request.user, timezone.now())
    name = f"khuyen-cong-toan-bo-{timezone.localdate().isoformat()}.zip"
    return _file(request, name, "application/zip", lambda file: write_archive(file, TABLES, request.user, contents))


@require_safe
def take_out_csv(request: SiteRequest) -> HttpResponseBase:
    """One table, named by ``?table=``."""
    table = table_named(request.GET.get("table", ""))
    if table is None:
        raise Http404
    name = f"khuyen-cong-{table.slug}-{timezone.localdate().isoformat()}.csv"
    return _file(request, name, "text/csv; charset=utf-8", lambda file: write_csv(file, table, request.user))


def _file(request: SiteRequest, name: str, content_type: str, write: Callable[[IO[bytes]], object]) -> HttpResponseBase:
    """The file, which has no name on the disk and is gone when it is closed; or the page that says it failed."""
    stream = TemporaryFile(prefix="take-out-")  # noqa: SIM115, closed by the response
    try:
        with snapshot(), translation.override("vi"):
            write(stream)
    except Exception:
        stream.close()
        logger.exception("Taking out %s failed", name)
        return render(request, "reports/take_out_failed.html", {"again": request.get_full_path()}, status=500)
    stream.seek(0)
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    _say_begun(request, response)
    return response


def _say_begun(request: SiteRequest, response: HttpResponseBase) -> None:
    """Gives back the token of the address, so that the page which asked may stop waiting."""
    token = request.GET.get("token", "")
    if TOKEN.fullmatch(token):
        where = reverse("reports:index")
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(BEGUN, token, max_age=600, path=where, secure=secure, samesite="Lax")
