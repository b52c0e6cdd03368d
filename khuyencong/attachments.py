"""Files that people attach: kept outside the web root, checked by content, served through a view that asks who."""

from __future__ import annotations

import hashlib
import logging
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
# Ending → what the file must begin with, and the type it is served as.
KINDS = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
}


def validate_scan(upload: UploadedFile) -> None:
    """Accepts a PDF or a picture of at most 20 MB that is what its name says."""
    kind = KINDS.get(PurePath(upload.name or "").suffix.lower())
    if kind is None:
        raise ValidationError(_("Chỉ nhận tệp PDF, JPG hoặc PNG."))
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(_("Tệp lớn hơn 20 MB. Hãy quét ở độ phân giải thấp hơn."))
    head = upload.read(8)
    upload.seek(0)
    if not head.startswith(kind[0]):
        raise ValidationError(_("Nội dung tệp không đúng với đuôi tên tệp."))


def storage_name(instance: Attachment, filename: str) -> str:
    """A name that says nothing and can't be guessed; the user's own file name is kept in ``original_name``."""
    instance.stored_as = f"documents/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()}"
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
        self.original_name = PurePath(self.file.name).name[:255]
        self.size_bytes = len(content)
        self.sha256 = hashlib.sha256(content).hexdigest()

    def take_back(self) -> None:
        """Removes what was stored of the file, all or a part of it; its row is not there."""
        if self.stored_as:
            self.file.storage.delete(self.stored_as)

    def response(self) -> FileResponse:
        """The file under the user's own name, never interpreted as anything but its checked type."""
        content_type = KINDS[PurePath(self.file.name).suffix][1]
        return FileResponse(self.file.open("rb"), content_type=content_type, filename=self.original_name)


class FileNotStored(ValidationError):
    """The server could not store a file; nothing that belongs to it was recorded."""

    def __init__(self) -> None:
        message = _(
            "Máy chủ chưa lưu được tệp này (có thể ổ đĩa đầy), nên chưa ghi nhận gì. "
            "Những gì bạn nhập vẫn còn; hãy báo quản trị hệ thống, sau đó chọn lại tệp và thử lại."
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
