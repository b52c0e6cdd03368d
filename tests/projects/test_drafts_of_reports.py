"""Progress reports and letters that were never saved wait for the one who typed them, like projects do."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import FormDraft, User
from tests.factories import approved_project, authority, source
from tests.projects.drafts import OFFER, keep, restored
from tests.sent import fields_of
from tests.there import there

pytestmark = pytest.mark.django_db


def test_progress_report_and_letter_have_drafts_too(
    client: Client, centre_staff: User, centre_head: User, department_head: User
) -> None:
    project = approved_project(staff=centre_staff, head=centre_head, department=department_head)
    plan = there(project.latest_plan())
    for person, address, name, text in (
        (centre_staff, reverse("projects:progress_create", args=[project.pk]), "done", "Đã mở lớp"),
        (department_head, reverse("projects:decision_create", args=[plan.pk]), "summary", "Điều chỉnh kế hoạch"),
    ):
        client.force_login(person)
        fields = fields_of(client.get(address))
        assert keep(client, address, fields | {name: text}) == 204
        assert OFFER in client.get(address).content.decode()
        answer = restored(client, address)
        assert answer.status_code == 200 and "error-summary" not in answer.content.decode()
        assert fields_of(answer)[name] == text
    month = {"month": "06/2006", "is_on_schedule": "True"}
    client.force_login(centre_staff)
    address = reverse("projects:progress_create", args=[project.pk])
    assert client.post(address, fields_of(restored(client, address)) | month).status_code == 302
    assert not FormDraft.objects.of(centre_staff.pk).exists()
    client.force_login(department_head)
    address = reverse("projects:decision_create", args=[plan.pk])
    letter = {
        "number": "12/QĐ",
        "issued_on": "01/08/2006",
        "authority": str(authority().pk),
        f"source-{source('KCDP').pk}-after": "70 tr",
    }
    assert client.post(address, fields_of(restored(client, address)) | letter).status_code == 302
    assert not FormDraft.objects.exists()
