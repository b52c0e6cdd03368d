"""Files on their way in: kept in memory up to what is taken, and beyond that only counted."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from khuyencong.attachments import MAX_BYTES, MAX_TOGETHER


class BoundedUploadHandler(FileUploadHandler):
    """No file waits on a disk, which may be full before the form is read. What is larger than is taken arrives empty
    with its true size, so that its form refuses it by name, with everything else that was typed still there."""

    together = 0  # bytes of this sending that are kept

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.content, self.size = BytesIO(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.size > MAX_BYTES or self.together + self.size > MAX_TOGETHER:
            self.content = BytesIO()
        else:
            self.content.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.together += self.content.tell()
        self.content.seek(0)
        return InMemoryUploadedFile(
            self.content,
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )
