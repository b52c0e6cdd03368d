"""What a test knows to be there, where its type says that it may be None."""

from __future__ import annotations

from typing import TypeVar

Found = TypeVar("Found")


def there(found: Found | None) -> Found:
    assert found is not None
    return found
