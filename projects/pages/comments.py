"""Remarks on a project as they are read: each with its answers."""

from __future__ import annotations

from dataclasses import dataclass

from projects.models import Comment, Project


@dataclass(frozen=True)
class CommentThread:
    """A remark with its answers; one without any is open."""

    comment: Comment
    answers: list[Comment]

    @property
    def is_open(self) -> bool:
        return not self.answers


def comment_threads(project: Project) -> list[CommentThread]:
    """All remarks on the project in their order, in one query."""
    threads: dict[int, CommentThread] = {}
    for comment in Comment.objects.of_project(project):
        if comment.answers_id:
            threads[comment.answers_id].answers.append(comment)  # what it answers was written before
        else:
            threads[comment.pk] = CommentThread(comment, [])
    return list(threads.values())


def open_count(threads: list[CommentThread]) -> int:
    return sum(thread.is_open for thread in threads)
