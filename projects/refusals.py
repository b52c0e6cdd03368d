"""What a write raises when it can't be done: each exception says why in the user's words, and nothing is written."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError


class NotAllowed(PermissionDenied):
    """The person who acts has no such right over the organisation. Not caught, it becomes the page that says so."""


class Refused(ValidationError):
    """The person may, but not this, not now, or not so; a form shows the messages beside what was typed."""

    code: str

    def __init__(self, message: Any, code: str = "refused") -> None:
        super().__init__(message, code=code)
        self.code = code

    def __str__(self) -> str:
        return " ".join(str(message) for message in self.messages)


class PlanClosed(Refused):
    """The year's books are closed: nothing is added to them or taken from them."""


class FutureDate(Refused):
    """A day to come: what is recorded has happened."""


class TransitionRefused(Refused):
    """The step of a round or a project can't be taken."""
