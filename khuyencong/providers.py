"""What a subject of its own adds to the pages of the core.

A new subject is an application inside projects/ or programmes/ that imports the core. The core imports no subject: it
shows what the tuples named in ``settings.PROVIDERS`` hold, of these five kinds and of no other. Whose rows a provider
may show it asks itself, as every page does: from the user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from khuyencong.accounts.models import User


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the main menu, for everybody who is signed in; ``section`` is the first part of its address."""

    label: str | Promise
    url_name: str
    section: str


@dataclass(frozen=True)
class InboxQueue:
    """Lines of “Việc cần xử lý”: :class:`projects.desk.inbox.Task` for this user, after those of the core."""

    tasks: Callable[[User], Iterable[Any]]


@dataclass(frozen=True)
class PageSection:
    """A section of a page of the core, below those of the core itself.

    ``page`` names it: ``home``, ``plan``, ``project``, ``beneficiary``. ``shown`` gets the user, the record (the year
    on the home page) and the :class:`khuyencong.asof.AsOf` of the page, and returns what ``template`` is rendered
    with; None where there is nothing to show.
    """

    page: str
    anchor: str
    title: str | Promise
    template: str
    shown: Callable[[User, Any, Any], Mapping[str, Any] | None]


@dataclass(frozen=True)
class PageAction:
    """A way from a page of the core into the subject, among the page's own buttons.

    ``page`` and the arguments of ``shown`` are those of :class:`PageSection`; it returns label and address, or None.
    ``beneficiaries``, the list of establishments, has no record: None; so have ``organisations`` and ``admin_units``,
    those of the administration. ``empty_plan`` stands where a plan's first project is asked for.
    """

    page: str
    shown: Callable[[User, Any, Any], tuple[str, str] | None]


@dataclass(frozen=True)
class WarningSource:
    """Warnings about projects. ``labels`` are their codes with what a sentence calls them.

    ``find`` gets the projects, and by name the ``user`` who reads and the day ``on`` (both may be None); it returns
    :class:`projects.rules.warnings.ProjectWarning` by the ids of the projects, in a fixed number of queries.
    """

    labels: Mapping[str, str | Promise]
    find: Callable[..., Mapping[int, Iterable[Any]]]
    need_reason: frozenset[str] = field(default_factory=frozenset)


KINDS = (MenuEntry, InboxQueue, PageSection, PageAction, WarningSource)
Kind = TypeVar("Kind", MenuEntry, InboxQueue, PageSection, PageAction, WarningSource)


@cache
def declared() -> tuple[Any, ...]:
    """All providers, in the order in which the settings name them."""
    return tuple(one for name in settings.PROVIDERS for one in import_string(name))


@cache
def provided(kind: type[Kind]) -> tuple[Kind, ...]:
    return tuple(one for one in declared() if isinstance(one, kind))
