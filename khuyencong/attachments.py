"""Files that people attach: kept outside the web root, checked by content, served through a view that asks who."""

from __future__ import annotations

import hashlib
import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import TextLine

logger = logging.getLogger(__name__)
MAX_BYTES = 20 * 1024 * 1024
HEAD_BYTES = 1024  # readers look for the beginning of a PDF that far: scanners and printers write something before it
BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe\x00\t\n\x0b\x0c\r "  # marks and spaces that say nothing of what follows
# What is taken, by the ending under which it is kept, with the type it is served as.
TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}
# The endings that people's files bear, with what they promise.
ENDINGS = {".pdf": ".pdf", ".jpg": ".jpg", ".jpeg": ".jpg", ".jpe": ".jpg", ".jfif": ".jpg", ".png": ".png"}


def kind_of(content: bytes) -> str:
    """The key of ``TYPES`` for what a file really is; empty for anything else, as a page or a program that has the
    mark of a PDF further on."""
    head = content[:HEAD_BYTES]
    if head.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    is_disguised = head.lstrip(BEFORE_TEXT).startswith((b"<", b"MZ"))
    return ".pdf" if b"%PDF-" in head and not is_disguised else ""


def ending_of(name: str) -> str:
    """“.pdf” of “Quét.PDF”; empty where none stands, as in “Quyết định 16.6.2006”."""
    ending = PurePath(name).suffix.lower()
    return ending if re.fullmatch(r"\.(?![0-9]+$)[a-z0-9]{1,5}", ending) else ""


def validate_scan(upload: UploadedFile) -> None:
    """Accepts a PDF or a picture of at most 20 MB by its content, under any of their endings or none."""
    ending = ending_of(upload.name or "")
    if ending and ending not in ENDINGS:
        raise ValidationError(_("Chỉ nhận tệp PDF, JPG hoặc PNG."))
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(_("Tệp lớn hơn 20 MB. Hãy quét ở độ phân giải thấp hơn."))
    kind = kind_of(upload.read(HEAD_BYTES))
    upload.seek(0)
    if not kind and ending:
        raise ValidationError(_("Nội dung tệp không khớp với đuôi tên tệp."))
    if not kind:
        raise ValidationError(_("Chỉ nhận tệp PDF, JPG hoặc PNG."))


def named_as(name: str, kind: str) -> str:
    """The user's own name of the file, with an ending under which a computer opens it."""
    ending = ending_of(name)
    if ENDINGS.get(ending) == kind:
        return name
    return f"{name.removesuffix(PurePath(name).suffix) if ending else name}{kind}"


def storage_name(instance: Attachment, filename: str) -> str:
    """A name that says nothing and can't be guessed; the user's own file name is kept in ``original_name``."""
    instance.stored_as = f"documents/{uuid.uuid4().hex}{ending_of(filename)}"
    return instance.stored_as


class Attachment(models.Model):
    """Base of the files attached to one kind of record."""

    file = models.FileField(_("tệp"), upload_to=storage_name, validators=[validate_scan], max_length=200)
    original_name = TextLine(_("tên tệp"), max_length=255, editable=False)
    title = TextLine(_("tên tài liệu"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    size_bytes = models.PositiveIntegerField(_("dung lượng"), editable=False)
    uploaded_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người tải lên")
    )

    stored_as = ""  # while the file is being stored

    class Meta:
        abstract = True
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("tài liệu đính kèm")
        verbose_name_plural = _("tài liệu đính kèm")

    def __str__(self) -> str:
        return self.title or self.original_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.sha256:
            self.measure()
        super().save(*args, **kwargs)

    def measure(self) -> None:
        """Reads what the file is: its own name, its size and its digest, by which a second copy is known."""
        content = self.file.read()
        self.file.seek(0)
        name = PurePath(self.file.name).name
        self.file.name = self.original_name = named_as(name[:250], kind_of(content) or ending_of(name))
        self.size_bytes = len(content)
        self.sha256 = hashlib.sha256(content).hexdigest()

    def take_back(self) -> None:
        """Removes what was stored of the file, all or a part of it; its row is not there."""
        if self.stored_as:
            self.file.storage.delete(self.stored_as)

    def response(self) -> FileResponse:
        """The file under the user's own name, never interpreted as anything but its checked type."""
        content_type = TYPES[ENDINGS[PurePath(self.file.name).suffix]]
        return FileResponse(self.file.open("rb"), content_type=content_type, filename=self.original_name)


class FileNotStored(ValidationError):
    """The server could not store a file; nothing that belongs to it was recorded."""

    def __init__(self) -> None:
        message = _(
            "Máy chủ chưa lưu được tệp này (có thể ổ đĩa đầy), nên chưa ghi nhận gì. Những gì bạn nhập vẫn "
            "còn; hãy báo người quản trị hệ thống, sau đó chọn lại tệp và thử lại."
        )
        super().__init__(message, code="not_stored")


@contextmanager
def filing() -> Iterator[list[Attachment]]:
    """One transaction for a record and the files put into the list: rows and files stay together, or none of them.

    Raises FileNotStored when a file can't be stored.
    """
    files: list[Attachment] = []
    kept: list[bool] = []
    try:
        with transaction.atomic():
            transaction.on_commit(lambda: kept.append(True))
            yield files
            for one in files:
                one.save()
    except Exception as problem:
        for one in files if not kept else ():
            one.take_back()
        if not isinstance(problem, OSError):
            raise
        logger.exception("A file could not be stored.")
        raise FileNotStored from problem
