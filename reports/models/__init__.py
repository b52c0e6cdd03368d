"""What reports keep: those that were submitted, as they were printed, and views that were saved under a name."""

from reports.models.saved_view import SavedView
from reports.models.submitted import SubmittedReport, SubmittedReportQuerySet

__all__ = ["SavedView", "SubmittedReport", "SubmittedReportQuerySet"]
