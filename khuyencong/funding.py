"""Whose money it is, and why an entry of it was made."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Nature(models.TextChoices):
    """Why an entry was made. A correction takes the date and column of what it corrects.

    What was cancelled is corrected to nothing; its letter says no longer what the amount is after it.
    """

    INITIAL = "initial", _("giao, duyệt lần đầu")
    SUPPLEMENT = "supplement", _("bổ sung")
    ADJUSTMENT = "adjustment", _("điều chỉnh")
    STOP = "stop", _("ngừng thực hiện")
    CARRY_OVER = "carry_over", _("chuyển nguồn")
    CORRECTION = "correction", _("đính chính")
    CANCELLATION = "cancellation", _("hủy ghi nhận")


# Of a change to an amount that stood, as the recorder says it; all others say so by themselves.
STATED_NATURES = (Nature.ADJUSTMENT, Nature.SUPPLEMENT)
# By which a letter changes what was approved before; what is carried over is a movement and says no amount after it.
ADJUSTING_NATURES = (*STATED_NATURES, Nature.STOP)
# By which an entry that stood is put right; they name it.
CORRECTING_NATURES = (Nature.CORRECTION, Nature.CANCELLATION)
# Whatever comes after the first approval; a correction stands with what it corrects.
LATER_NATURES = (*ADJUSTING_NATURES, Nature.CARRY_OVER)


class FundingLevel(models.TextChoices):
    """Whose money: the two state budgets, and what others put in."""

    NATIONAL = "national", _("Khuyến công quốc gia")
    CITY = "city", _("Khuyến công địa phương")
    COUNTERPART = "counterpart", _("Đối ứng của đơn vị thụ hưởng")
    OTHER = "other", _("Nguồn khác")


STATE_LEVELS = (FundingLevel.NATIONAL, FundingLevel.CITY)
