"""Fields of projects and establishments as their forms call them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.models.beneficiary import Beneficiary
from projects.models.project import Project

PROGRESS_FIELD = "progress:"  # followed by the month, as 2006-07


LIST_LABELS: dict[str, str | Promise] = {
    "places": _("địa bàn"),
    "components": _("nội dung"),
    "supports": _("đơn vị thụ hưởng"),
    "costs": _("kinh phí đề nghị"),
    "items": _("dự toán chi tiết"),
    "tax_code": _("mã số thuế"),
    "personal_number": _("số định danh cá nhân"),
}


def label_of(field: str, *, of_beneficiary: bool = False) -> str:
    """The name of a field of a project or a beneficiary, as its form says it."""
    if field.startswith(PROGRESS_FIELD):
        year, month = field.removeprefix(PROGRESS_FIELD).split("-")
        return gettext("báo cáo tiến độ %(month)s/%(year)s") % {"month": month, "year": year}
    if field in LIST_LABELS:
        return str(LIST_LABELS[field])
    for model in (Beneficiary, Project) if of_beneficiary else (Project, Beneficiary):
        known = {one.name: one for one in model._meta.get_fields() if hasattr(one, "verbose_name")}
        if field in known:
            return str(known[field].verbose_name)
    return field
