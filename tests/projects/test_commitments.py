"""The two commitments below form 1: recorded with day, signer and scan, put right with a trace, read by both sides."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import PlanRound
from projects.models import Beneficiary, Commitment, Project, ProjectDocument, Support
from projects.rules.warnings import ProjectWarning, warnings_of
from projects.services.commitments import Signed, record_commitment
from projects.services.documents import attach_files, withdraw_document
from projects.services.rounds import missing_for_submission
from projects.services.warning_reasons import give_reasons
from tests.factories import MILLION, make_plan, make_project, review, submit_all
from tests.projects.attempts import code_of
from tests.sent import fields_of
from tests.there import there

pytestmark = pytest.mark.django_db
BOTH = {"is_without_other_support": "on", "is_with_own_share": "on"}


@pytest.fixture
def project(centre_staff: User) -> Project:
    return make_project(plan=make_plan(organisation=centre_staff.memberships.get().scope), by=centre_staff)


def scan(name: str = "cam-ket.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n" + name.encode())


def signed() -> Signed:
    return Signed(True, True, dt.date(2006, 1, 20), "Bà Hoa, chủ nhiệm HTX", files=[scan()])


def test_staff_record_what_was_signed_and_both_sides_read_it(
    client: Client, project: Project, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    client.force_login(centre_staff)
    assert "Chưa ghi cam kết." in client.get(project.get_absolute_url()).content.decode()
    address = reverse("projects:commitment_record", args=[project.pk])
    typed = fields_of(client.get(address)) | BOTH | {"signed_on": "20/01/2006"}
    refused = client.post(address, typed | {"file": scan()})
    page = refused.content.decode()
    assert refused.status_code == 422 and "Ghi người ký." in page and 'value="20/01/2006"' in page
    assert not ProjectDocument.objects.exists(), "nothing is written half"
    done = client.post(address, typed | {"signer": "Bà Hoa, chủ nhiệm HTX", "file": scan()})
    assert done.status_code == 302
    said = "ký ngày 20/01/2006, người ký: Bà Hoa, chủ nhiệm HTX"
    page = client.get(project.get_absolute_url()).content.decode()
    assert said in page and "cam-ket.pdf" in page and "Góp đủ phần vốn của đơn vị thụ hưởng" in page
    submit_all(plan=there(project.latest_plan()), by=centre_head)
    client.force_login(reviewer)
    review = reverse("projects:round_review", args=[PlanRound.objects.get().pk])
    seen = client.get(f"{review}?line={project.pk}").content.decode()
    assert said in seen and "Ghi lại cam kết" not in seen


def test_a_wrong_recording_is_put_right_and_stays_readable(
    client: Client, project: Project, centre_staff: User
) -> None:
    first = record_commitment(project=project, signed=signed(), seen=None, actor=centre_staff)
    client.force_login(centre_staff)
    address = reverse("projects:commitment_record", args=[project.pk])
    typed = fields_of(client.get(address)) | {"signer": "Ông Nam, phó chủ nhiệm"}
    silent = client.post(address, typed)
    assert silent.status_code == 422 and "Ghi lý do ghi lại cam kết." in silent.content.decode()
    assert "Ông Nam, phó chủ nhiệm" in silent.content.decode()
    assert client.post(address, typed | {"reason": "Ghi nhầm người ký"}).status_code == 302
    newest = Commitment.objects.standing([project])[project.pk]
    assert (newest.signer, newest.document, newest.reason) == (
        "Ông Nam, phó chủ nhiệm",
        first.document,
        "Ghi nhầm người ký",
    )
    page = client.get(project.get_absolute_url()).content.decode()
    assert "Đã ghi trước đó" in page and "Bà Hoa" in page and "Ghi nhầm người ký" in page
    none = {name: text for name, text in fields_of(client.get(address)).items() if name not in BOTH}
    assert client.post(address, none | {"reason": "Chưa ký"}).status_code == 302
    assert "Chưa có cam kết." in client.get(project.get_absolute_url()).content.decode()


def test_what_is_no_signed_commitment(project: Project, centre_staff: User, reviewer: User) -> None:
    def said(one: Signed, seen: int | None = None, reason: str = "") -> str:
        return code_of(
            lambda: record_commitment(project=project, signed=one, seen=seen, reason=reason, actor=centre_staff)
        )

    def paper(**words: Any) -> Signed:
        return replace(signed(), **words)

    assert said(paper()) == "done"
    assert said(Signed()) == "nothing"
    assert said(paper(signed_on=None)) == said(paper(signer=" ")) == "unsigned"
    assert said(paper(files=[])) == "unsigned"
    assert said(paper(files=[scan("a.pdf"), scan("b.pdf")])) == "several"
    assert said(paper(signed_on=dt.date(2999, 1, 1))) == "future"
    assert said(paper(signer="x" * 201)) == "invalid" and not ProjectDocument.objects.exists()
    assert said(paper(), seen=1) == "changed_meanwhile"
    [file] = attach_files(record=project, files=[scan("ban-quet.pdf")], actor=centre_staff)
    chosen = paper(files=[], document=file)
    assert said(chosen) == "done"
    other = make_project(plan=there(project.latest_plan()), by=centre_staff, name="Khác")
    [strange] = attach_files(record=other, files=[scan("la.pdf")], actor=centre_staff)
    assert said(replace(chosen, document=strange)) == "other_file"
    withdraw_document(document=file, reason="Nhầm", actor=centre_staff)
    assert said(chosen) == "other_file"
    first = record_commitment(project=project, signed=paper(), seen=None, actor=centre_staff)
    assert said(paper()) == "changed_meanwhile"
    assert said(Signed(), first.pk) == "no_reason"
    assert said(Signed(), first.pk, "Chưa ký") == "done"


def missing(project: Project) -> list[ProjectWarning]:
    read = Project.objects.for_detail().get(pk=project.pk)
    return [one for one in warnings_of(read, user=None) if one.code == "commitment_missing"]


@pytest.mark.usefixtures("law")
def test_national_money_is_not_sent_without_commitments_or_a_reason(centre_staff: User, centre_head: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope, year=2015)
    made = make_project(plan=plan, by=centre_staff, contents={"45-4": {"KCQG": 60 * MILLION}})
    assert not missing(made), "of a group nobody is named who could sign"
    helped = Beneficiary.objects.create(province=plan.organisation.province(), name="HTX Hoa", type="cooperative")
    Support.objects.filter(project=made).update(beneficiary=helped, group_description="")
    [warning] = missing(made)
    assert warning.is_unanswered and "TT 36/2013" not in warning.text and "Điều 5 khoản 6" in warning.citation
    assert "không nhận hỗ trợ khác" in warning.text and "góp đủ phần vốn" in warning.text
    sent = "\n".join(text for _project, text in missing_for_submission(PlanRound.objects.get()))
    assert "Chưa có cam kết của đơn vị thụ hưởng".lower() in sent.lower()
    half = replace(signed(), is_with_own_share=False)
    first = record_commitment(project=made, signed=half, seen=None, actor=centre_staff)
    [warning] = missing(made)
    assert "không nhận hỗ trợ khác" not in warning.text and "góp đủ phần vốn" in warning.text
    more: dict[str, Any] = {"seen": first.pk, "reason": "Ký thêm", "actor": centre_staff}
    record_commitment(project=made, signed=replace(signed(), files=[scan("b.pdf")]), **more)
    assert not missing(made)


@pytest.mark.usefixtures("law")
def test_of_national_money_that_was_refused_nothing_is_asked(
    centre_staff: User, centre_head: User, reviewer: User
) -> None:
    """What goes on is the line of the city's money."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope, year=2015)
    made = make_project(plan=plan, by=centre_staff, contents={"45-4": {"KCQG": 60 * MILLION, "KCDP": 60 * MILLION}})
    helped = Beneficiary.objects.create(province=plan.organisation.province(), name="HTX Hoa", type="cooperative")
    Support.objects.filter(project=made).update(beneficiary=helped, group_description="")
    read = Project.objects.for_detail().get(pk=made.pk)
    asked = [one.fingerprint for one in warnings_of(read, user=None) if one.needs_reason]
    give_reasons(answered={made.pk: asked}, reason="Ký sau", actor=centre_staff)
    submit_all(plan=plan, by=centre_head)
    assert missing(made)
    national = PlanRound.objects.get(level="national")
    review(plan_round=national, project=made, by=reviewer, conclusion="refuse", note="Hết kinh phí")
    assert not missing(made)


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize(("year", "source"), [(2013, "KCQG"), (2015, "KCDP")])
def test_before_the_form_and_of_local_money_nothing_is_asked(centre_staff: User, year: int, source: str) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope, year=year)
    made = make_project(plan=plan, by=centre_staff, contents={"45-4": {source: 60 * MILLION}})
    helped = Beneficiary.objects.create(province=plan.organisation.province(), name="HTX Hoa", type="cooperative")
    Support.objects.filter(project=made).update(beneficiary=helped, group_description="")
    assert not missing(made)


@pytest.mark.usefixtures("law")
def test_a_commitment_whose_scan_was_withdrawn_is_asked_for_again(client: Client, centre_staff: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope, year=2015)
    made = make_project(plan=plan, by=centre_staff, contents={"45-4": {"KCQG": 60 * MILLION}})
    helped = Beneficiary.objects.create(province=plan.organisation.province(), name="HTX Hoa", type="cooperative")
    Support.objects.filter(project=made).update(beneficiary=helped, group_description="")
    first = record_commitment(project=made, signed=signed(), seen=None, actor=centre_staff)
    assert not missing(made)
    withdraw_document(document=there(first.document), reason="Quét nhầm trang", actor=centre_staff)
    [warning] = missing(made)
    assert warning.is_unanswered and "Bản quét cam kết ở Mẫu số 1 đã rút" in warning.text
    client.force_login(centre_staff)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "nên cam kết này chưa được tính" in page and "bản quét đã rút" in page
    more: dict[str, Any] = {"seen": first.pk, "reason": "Quét lại", "actor": centre_staff}
    record_commitment(project=made, signed=replace(signed(), files=[scan("dung.pdf")]), **more)
    assert not missing(made)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "nên cam kết này chưa được tính" not in page, "the old one stands below, struck through"
