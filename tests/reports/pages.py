"""Pages of reports: their addresses, their words, and what can't be asked of them."""

from __future__ import annotations

import lxml.html
from django.test import Client
from django.urls import reverse


def address(code: str, query: str = "year=2006", name: str = "report_detail") -> str:
    return f"{reverse(f'reports:{name}', args=[code])}?{query}"


def text_of(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return words_of(answer.content)


def words_of(content: bytes) -> str:
    """What a page says, a space between two cells."""
    return " ".join(" ".join(lxml.html.fromstring(content.decode()).itertext()).split())


WRONG = [
    ("year=2031", 404, "Không có kế hoạch nào của năm 2031 mà bạn được xem"),
    ("year=hai", 400, "Năm phải là số từ 2000 đến 2100"),
    ("period=dates&from=01/05/2006&to=01/02/2006", 400, "Ngày cuối kỳ phải từ ngày đầu kỳ trở đi."),
    ("period=dates&from=01/05/2006", 400, "Hãy nhập ngày cuối kỳ."),
    ("period=dates&from=31/02/2006&to=01/03/2006", 400, "Không có ngày 31/02/2006 trong lịch."),
    ("period=dates&from=01/01/2000&to=01/01/2050", 400, "Một kỳ báo cáo dài nhất 20 năm."),
    ("year=2006&period=q9", 400, "q9"),
    ("year=2006&as_of=01/01/2099", 400, "Ngày này chưa đến"),
    ("year=2006&organisation=khong-co", 400, "khong-co"),
    ("period=dates&from=01/01/2090&to=01/02/2090", 400, "Kỳ này chưa bắt đầu, chưa có số liệu."),
    ("year=2090&period=q1", 400, "Kỳ này chưa bắt đầu, chưa có số liệu."),
    ("year=2006&period=q4&as_of=30/09/2006", 400, "Ngày của số liệu phải từ ngày đầu kỳ báo cáo trở đi."),
]
