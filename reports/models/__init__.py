"""What reports keep: views that were saved under a name."""

from reports.models.saved_view import SavedView

__all__ = ["SavedView"]
