"""Files that people attach: kept outside the web root, checked by content, served through a view that asks who."""

from __future__ import annotations

import hashlib
import logging
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Q
from django.http import FileResponse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Role
from khuyencong.erasable import Erasable
from khuyencong.fields import KeptLine, TextLine
from khuyencong.office_files import OLD_OFFICE, checked_office_format
from khuyencong.packed import MEGABYTE, ReadingStopped
from khuyencong.text import nfc

logger = logging.getLogger(__name__)
MAX_BYTES = 20 * MEGABYTE  # of one file
MAX_TOGETHER = 50 * MEGABYTE  # of all files of one sending
MAX_FILES = 20  # of one sending
HEAD_BYTES = 1024  # readers look for the beginning of a PDF that far: scanners and printers write something before it
BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe\x00\t\n\x0b\x0c\r "  # marks and spaces that say nothing of what follows
# What is taken, by the ending under which it is kept, with the type it is served as.
TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".heic": "image/heic",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
SHOWN = (".pdf", ".jpg", ".png")  # by browsers themselves; the others are saved and opened by another program
# The endings that people's files bear, with what they promise.
ENDINGS = {one: one for one in TYPES} | dict.fromkeys((".jpeg", ".jpe", ".jfif"), ".jpg") | {".heif": ".heic"}
OLD_ENDINGS = (".doc", ".dot", ".xls", ".xlt")
_PHONE_PICTURES = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_GENERAL_PICTURES = {b"mif1", b"msf1"}  # what is inside, says the list of brands that follows

TAKEN = _("PDF, ảnh (JPG, PNG, HEIC), Word (.docx, .odt) hoặc Excel (.xlsx, .ods)")
_ONLY = format_lazy("{} {}.", _("Chỉ nhận tệp"), TAKEN)
_MISMATCH = _("Nội dung tệp không khớp với đuôi tên tệp.")
_OLD = _(
    "Tệp Word, Excel dạng cũ (.doc, .xls) không kiểm tra hết được macro. Hãy mở tệp, chọn Lưu thành (Save As) dạng "
    ".docx, .xlsx hoặc PDF rồi đính kèm."
)
# Why a document of an office is not taken, by the code of its check.
_REFUSED = {
    "macros": _(
        "Tệp có macro (đoạn mã tự chạy) nên không nhận. Hãy lưu thành dạng .docx, .xlsx không có macro hoặc PDF rồi "
        "đính kèm."
    ),
    "password": _("Tệp có đặt mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi đính kèm."),
    "zip_bomb": _("Tệp này khi mở ra lớn bất thường nên không nhận."),
    "embedded": _(
        "Tệp có nhúng đối tượng của chương trình khác (OLE, ActiveX, tệp chạy) nên không nhận. Hãy xóa đối tượng đó, "
        "hoặc lưu thành PDF rồi đính kèm."
    ),
    "fetched": _(
        "Tệp tự lấy nội dung từ nơi khác khi mở (đối tượng, mẫu liên kết ngoài) nên không nhận. Hãy bỏ liên kết, hoặc "
        "lưu thành PDF rồi đính kèm."
    ),
    "damaged": _("Tệp bị hỏng hoặc không đúng cấu trúc."),
    "archive": _("Đây là tệp nén. Hãy giải nén rồi đính kèm từng tệp."),
}


def kind_of(content: bytes) -> str:
    """The key of ``TYPES`` for what a file really is; empty for anything else, as a page or a program that has the
    mark of a PDF further on. Raises ReadingStopped for a document of an office that is not taken."""
    head = content[:HEAD_BYTES]
    if head.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if head.startswith(b"PK\x03\x04"):
        return f".{checked_office_format(content)}"
    if _is_picture_of_a_phone(head):
        return ".heic"
    is_disguised = head.lstrip(BEFORE_TEXT).startswith((b"<", b"MZ"))
    return ".pdf" if b"%PDF-" in head and not is_disguised else ""


def _is_picture_of_a_phone(head: bytes) -> bool:
    """HEIC: the file begins with the box that names its brands; the same box with other brands begins a film."""
    length = int.from_bytes(head[:4], "big")
    if head[4:8] != b"ftyp" or not 16 <= length <= len(head):
        return False
    main, *_version, others = head[8:12], head[12:16], head[16:length]
    brands = {others[place : place + 4] for place in range(0, len(others), 4)}
    return main in _PHONE_PICTURES or (main in _GENERAL_PICTURES and bool(brands & _PHONE_PICTURES))


def ending_of(name: str) -> str:
    """“.pdf” of “Quét.PDF”; empty where none stands, as in “Quyết định 16.6.2006”."""
    ending = PurePath(name).suffix.lower()
    return ending if re.fullmatch(r"\.(?![0-9]+$)[a-z0-9]{1,5}", ending) else ""


def validate_attachment(upload: UploadedFile) -> None:
    """Accepts what ``TYPES`` names, of at most 20 MB, by its content, under any of their endings or none."""
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(_("Tệp lớn hơn 20 MB. Hãy quét ở độ phân giải thấp hơn hoặc tách thành nhiều tệp."))
    ending = ending_of(upload.name or "")
    if ending and ending not in (*ENDINGS, *OLD_ENDINGS):
        raise ValidationError(_ONLY)
    content = upload.read()
    upload.seek(0)
    try:
        kind = kind_of(content)
    except ReadingStopped as stop:
        raise ValidationError(_REFUSED.get(stop.code, _ONLY), code=stop.code) from stop
    if content.startswith(OLD_OFFICE):
        raise ValidationError(_REFUSED["password"] if ending in (".docx", ".xlsx") else _OLD, code="old")
    if not kind:
        raise ValidationError(_MISMATCH if ending else _ONLY)


def refuse_too_many(uploads: Sequence[UploadedFile]) -> None:
    """Of one sending. What is over the limit together arrives empty, so this is asked before each is judged."""
    if len(uploads) > MAX_FILES or sum(one.size or 0 for one in uploads) > MAX_TOGETHER:
        raise ValidationError(_("Mỗi lần gửi không quá 20 tệp, tổng cộng không quá 50 MB."), code="too_many")


def named_as(name: str, kind: str) -> str:
    """The user's own name of the file, with an ending under which a computer opens it."""
    ending = ending_of(name)
    if ENDINGS.get(ending) == kind:
        return name
    return f"{name.removesuffix(PurePath(name).suffix) if ending else name}{kind}"


def harmless(name: str) -> str:
    """The last part of a path, of whichever system, without characters that nobody sees."""
    return nfc(re.split(r"[/\\]", name)[-1])[:250] or str(_("tệp"))


def named(name: str, problem: str | Promise) -> str:
    """What is wrong with one file of several."""
    return f"“{harmless(name)}”: {problem}"


def storage_name(instance: Attachment, filename: str) -> str:
    """A name that says nothing and can't be guessed; the user's own file name is kept in ``original_name``."""
    instance.stored_as = f"documents/{uuid.uuid4().hex}{ending_of(filename)}"
    return instance.stored_as


class AttachmentQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """Without what was withdrawn."""
        return self.filter(withdrawn_at=None)

    def for_list(self) -> Self:
        """With the people that its trace names."""
        return self.select_related("uploaded_by", "withdrawn_by", "erased_by")


def current_of(documents: models.Manager[Any]) -> list[Any]:
    """Those that were not withdrawn, without a query where all of them are at hand."""
    return [one for one in documents.all() if one.is_current]


class Attachment(Erasable):
    """Base of the files attached to one kind of record.

    A wrong one is withdrawn: it stays, named with who, when and why, and is current no more. What was withdrawn may be
    erased: ``file`` is empty then and its content is gone; name, size and digest stay.
    """

    home: ClassVar[str]  # the field of what it hangs on

    file = models.FileField(_("tệp"), upload_to=storage_name, blank=True, max_length=200)  # empty: erased
    original_name = TextLine(_("tên tệp"), max_length=255, editable=False)
    title = TextLine(_("tên tài liệu"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    size_bytes = models.PositiveIntegerField(_("dung lượng"), editable=False)
    uploaded_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người tải lên")
    )

    uploader_role = models.CharField(_("đính kèm với vai trò"), max_length=20, choices=Role, blank=True)
    withdrawn_at = models.DateTimeField(_("rút lúc"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("người rút"),
    )
    withdraw_reason = KeptLine(_("lý do rút"), max_length=300, blank=True, editable=False)

    stored_as = ""  # while the file is being stored

    class Meta:
        abstract = True
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, erased_at=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="%(class)s_withdrawn_by_somebody",
            ),
            *Erasable.Meta.constraints,
        ]
        verbose_name = _("tài liệu đính kèm")
        verbose_name_plural = _("tài liệu đính kèm")

    def __str__(self) -> str:
        return f"{self.title} ({self.original_name})" if self.title else self.original_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.sha256:
            self.measure()
        super().save(*args, **kwargs)

    @property
    def record(self) -> Any:
        """What it hangs on."""
        return getattr(self, self.home)

    @property
    def is_current(self) -> bool:
        return self.withdrawn_at is None

    def measure(self) -> None:
        """Reads what the file is: its own name, its size and its digest, by which a second copy is known."""
        content = self.file.read()
        self.file.seek(0)
        name = harmless(self.file.name)
        self.file.name = self.original_name = named_as(name, kind_of(content) or ending_of(name))
        self.size_bytes = len(content)
        self.sha256 = hashlib.sha256(content).hexdigest()

    def take_back(self) -> None:
        """Removes what was stored of the file, all or a part of it; its row is not there."""
        if self.stored_as:
            self.file.storage.delete(self.stored_as)

    def response(self) -> FileResponse:
        """The file under the user's own name, never interpreted as anything but its checked type."""
        kind = ENDINGS[PurePath(self.file.name).suffix]
        return FileResponse(
            self.file.open("rb"), as_attachment=kind not in SHOWN, content_type=TYPES[kind], filename=self.original_name
        )


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
