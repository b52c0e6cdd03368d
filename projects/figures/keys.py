"""The keys under which figures stand: one for each dimension by which they are grouped."""

from __future__ import annotations

from typing import Any

Keys = tuple[Any, ...]
NONE, GROUP = "none", "group"
