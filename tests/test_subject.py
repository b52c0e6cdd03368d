"""A subject of its own shows itself on the pages of the core through its providers, and is gone without them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from khuyencong import providers
from khuyencong.accounts.models import User
from khuyencong.checks import check_providers
from programmes.models import AnnualPlan
from projects.models import Project, WarningReason
from projects.refusals import Refused
from projects.rules.warnings import findings_of
from projects.services.rounds import RoundNotReady
from projects.services.warning_reasons import give_reason
from tests.factories import make_plan, make_project, submit_all
from tests.people import Tree
from tests.subject.providers import LONELY

pytestmark = pytest.mark.django_db


def forget_providers() -> None:
    """What a server reads once at its start, and the menu that it keeps for some minutes."""
    for read in (providers.declared, providers.provided):
        read.cache_clear()
    cache.clear()


@pytest.fixture
def subject(settings: Any) -> Iterator[None]:
    settings.PROVIDERS = ("tests.subject.providers.PROVIDERS",)
    settings.ROOT_URLCONF = "tests.subject.site_urls"
    forget_providers()
    yield
    forget_providers()


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre)


@pytest.fixture
def project(plan: AnnualPlan, centre_staff: User) -> Project:
    return make_project(plan=plan, by=centre_staff, name="Đề án có chuyên đề")


@pytest.mark.usefixtures("subject")
def test_the_five_kinds_are_shown(client: Client, centre_staff: User, project: Project) -> None:
    client.force_login(centre_staff)
    home = client.get("/").content.decode()
    assert '<a href="/subject/">Chuyên đề</a>' in home
    assert "Xem chuyên đề" in home and "3 đề án" in home
    page = client.get(project.get_absolute_url()).content.decode()
    assert "Chuyên đề của đề án" in page and f"<p>{project.code} · {centre_staff}</p>" in page
    assert "Chuyên đề chưa xem đề án này." in page and "Chuyên đề chưa xem · cần ghi lý do" in page
    plan = project.plans[0].get_absolute_url()
    assert '<a class="btn btn-secondary" href="/subject/">Chuyên đề năm 2006</a>' in client.get(plan).content.decode()
    past = client.get(f"{plan}?as_of={timezone.localdate():%d/%m/%Y}").content.decode()
    assert "Chuyên đề năm 2006" not in past
    own = client.get("/subject/").content.decode()
    assert '<a href="/subject/" aria-current="page">Chuyên đề</a>' in own


def test_nothing_is_shown_without_the_subject(client: Client, centre_staff: User, project: Project) -> None:
    client.force_login(centre_staff)
    for address in ("/", project.get_absolute_url()):
        assert "huyên đề" not in client.get(address).content.decode().replace(project.name, "")
    assert client.get("/subject/").status_code == 404


@pytest.mark.usefixtures("subject")
def test_a_section_may_have_nothing_to_show_and_hears_of_the_day(
    client: Client, centre_staff: User, project: Project
) -> None:
    client.force_login(centre_staff)
    Project.objects.filter(pk=project.pk).update(status=Project.Status.STOPPED)
    assert "Chuyên đề của đề án" not in client.get(project.get_absolute_url()).content.decode()
    Project.objects.filter(pk=project.pk).update(status=Project.Status.DRAFT)
    past = client.get(f"{project.get_absolute_url()}?as_of={timezone.localdate():%d/%m/%Y}").content.decode()
    assert f"<p>{project.code} · {centre_staff} · ngày trước</p>" in past


@pytest.mark.usefixtures("subject")
def test_its_warning_asks_for_a_reason_as_those_of_the_core_do(
    centre_staff: User, centre_head: User, project: Project
) -> None:
    plan = project.plans[0]
    with pytest.raises(RoundNotReady):
        submit_all(plan=plan, by=centre_head)
    give_reason(
        project=project, fingerprint=f"{LONELY}:{project.pk}", reason="Chuyên đề sẽ xem sau.", actor=centre_staff
    )
    [kept] = WarningReason.objects.all()
    assert (kept.code, kept.get_code_display()) == (LONELY, "chuyên đề chưa xem")
    assert not findings_of(project, user=centre_staff).unanswered


def test_a_code_that_nobody_provides_is_not_kept(centre_staff: User, project: Project) -> None:
    with pytest.raises(Refused):
        give_reason(project=project, fingerprint=f"{LONELY}:{project.pk}", reason="Vì sao?", actor=centre_staff)


def test_the_site_says_at_its_start_what_it_cannot_show(settings: Any) -> None:
    for names, code in (
        (("tests.subject.providers.PROVIDERS",), None),
        (("tests.subject.nothing.PROVIDERS",), "khuyencong.E002"),
        (("tests.subject.providers.LONELY",), "khuyencong.E003"),
    ):
        settings.PROVIDERS = names
        providers.declared.cache_clear()
        assert {one.id for one in check_providers()} == ({code} if code else set())
    providers.declared.cache_clear()
