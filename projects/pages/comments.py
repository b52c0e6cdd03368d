"""Remarks on a project as they are read: each with its answers."""

from __future__ import annotations

from dataclasses import dataclass

from khuyencong.accounts.models import User
from projects.models import Comment, CommentWithdrawal, Project
from projects.rules.dossiers import can_withdraw_comment


@dataclass(frozen=True)
class ReadComment:
    """A remark or an answer, with what took it back, if anything did, and whether this user may take it back."""

    comment: Comment
    withdrawal: CommentWithdrawal | None
    can_withdraw: bool


@dataclass(frozen=True)
class CommentThread:
    """A remark with its answers; one without any that stands is open, unless it was withdrawn itself."""

    remark: ReadComment
    answers: list[ReadComment]

    @property
    def is_open(self) -> bool:
        return self.remark.withdrawal is None and all(answer.withdrawal for answer in self.answers)


def comment_threads(project: Project, user: User) -> list[CommentThread]:
    """All remarks on the project in their order, in one query."""
    threads: dict[int, CommentThread] = {}
    for comment in Comment.objects.of_project(project):
        withdrawal = getattr(comment, "withdrawal", None)
        read = ReadComment(comment, withdrawal, not withdrawal and can_withdraw_comment(user, comment, project))
        if comment.answers_id:
            threads[comment.answers_id].answers.append(read)  # what it answers was written before
        else:
            threads[comment.pk] = CommentThread(read, [])
    return list(threads.values())


def open_count(threads: list[CommentThread]) -> int:
    return sum(thread.is_open for thread in threads)
