"""Remarks on a project as they are read: each with its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from projects.models import Comment, CommentWithdrawal, Project
from projects.models.review import CENTRE_ROLES
from projects.rules.dossiers import can_withdraw_comment, role_of_words


@dataclass(frozen=True)
class ReadComment:
    """A remark or an answer, with what took it back, if anything did, and whether this user may take it back."""

    comment: Comment
    withdrawal: CommentWithdrawal | None
    can_withdraw: bool


@dataclass(frozen=True)
class CommentThread:
    """A remark with what was said under it. ``is_own``: the reader speaks for the side that made it."""

    remark: ReadComment
    answers: list[ReadComment]
    is_own: bool

    @property
    def is_open(self) -> bool:
        """Unless it was withdrawn, while the last word that stands is of the side that made it."""
        last = next((one for one in reversed(self.answers) if not one.withdrawal), None)
        return self.remark.withdrawal is None and (last is None or not self._answers(last))

    @property
    def is_asked_again(self) -> bool:
        return self.is_open and any(self._answers(one) for one in self.answers if not one.withdrawal)

    @property
    def is_answered(self) -> bool:
        return self.remark.withdrawal is None and not self.is_open

    @property
    def button(self) -> str:
        """What the reader does by saying something more."""
        if self.is_own:
            return _("Nói thêm") if self.is_open else _("Hỏi lại")
        return _("Trả lời") if self.is_open else _("Trả lời thêm")

    @property
    def said(self) -> Iterator[tuple[str, ReadComment]]:
        """What was said under the remark, each with what it does: answers it, asks again, or adds to it."""
        is_answered = False
        for one in self.answers:
            is_answer = self._answers(one)
            yield (_("Trả lời:") if is_answer else _("Hỏi lại:") if is_answered else _("Nói thêm:")), one
            is_answered = is_answer if not one.withdrawal else is_answered

    def _answers(self, one: ReadComment) -> bool:
        return one.comment.is_of_centre != self.remark.comment.is_of_centre


def comment_threads(project: Project, user: User) -> list[CommentThread]:
    """All remarks on the project in their order, in one query."""
    threads: dict[int, CommentThread] = {}
    for comment in Comment.objects.of_project(project):
        withdrawal = getattr(comment, "withdrawal", None)
        read = ReadComment(comment, withdrawal, not withdrawal and can_withdraw_comment(user, comment, project))
        if comment.answers_id:
            threads[comment.answers_id].answers.append(read)  # what it answers was written before
        else:
            speaks_for_centre = role_of_words(user, project, answers=comment) in CENTRE_ROLES
            threads[comment.pk] = CommentThread(read, [], comment.is_of_centre == speaks_for_centre)
    return list(threads.values())


def open_count(threads: list[CommentThread]) -> int:
    return sum(thread.is_open for thread in threads)
