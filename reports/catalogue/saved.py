"""Views of reports that are saved under a name, shared and thrown away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from khuyencong.accounts.models import Organisation, User
from khuyencong.drafts import keeps_draft
from khuyencong.forms import TextLineField, field_of
from khuyencong.requests import SiteRequest
from khuyencong.widgets import QuickSelect, TextInput
from projects.forms.fields import show_refusal
from projects.refusals import NotAllowed, Refused
from projects.services.storing import store_new
from reports.catalogue.asked import AskForm
from reports.catalogue.definitions import get_report_or_404
from reports.models import SavedView


class SavedViewForm(forms.ModelForm):
    """A name, and whether colleagues may find it."""

    name = TextLineField(
        label=gettext_lazy("Tên mẫu báo cáo"),
        max_length=100,
        error_messages={"required": gettext_lazy("Hãy đặt tên cho mẫu báo cáo.")},
        widget=TextInput(attrs={"class": "form-control", "autocomplete": "off", "autofocus": True}),
    )

    class Meta:
        model = SavedView
        fields = ["name", "shared_with"]
        widgets = {"shared_with": QuickSelect(attrs={"class": "form-select"})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.owner = user
        shared_with = field_of(self, "shared_with", forms.ModelChoiceField)
        shared_with.queryset = Organisation.objects.visible_to(user)
        shared_with.empty_label = _("Chỉ mình tôi")
        shared_with.label = _("Chia sẻ với")

    def clean(self) -> dict[str, Any]:
        """The name is one's own; the owner is no field of the form, so the constraint is asked here."""
        data = super().clean() or {}
        name = data.get("name")
        if name and SavedView.objects.owned_by(self.instance.owner).named(name).exists():
            self.add_error("name", _("Bạn đã lưu một mẫu báo cáo mang tên này."))
        return data


@keeps_draft
@require_http_methods(["GET", "HEAD", "POST"])
def view_save(request: SiteRequest) -> HttpResponse:
    """Keeps the question that stands in the address under a name; what can't be asked can't be kept."""
    report, query = get_report_or_404(request.GET.get("report", "")), request.GET.get("query", "")
    asked = QueryDict(query)
    ask = AskForm(asked, user=request.user, today=timezone.localdate(), report=report)
    form = request.desk.shown(SavedViewForm(request.desk.typed, user=request.user))
    if request.method == "POST" and form.is_valid() and ask.is_valid():
        form.instance.report = report.code
        form.instance.query = ask.asked_for().query
        try:
            view = store_new(form.save(commit=False))
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Đã lưu mẫu báo cáo “%(name)s”.") % {"name": view.name})
            return redirect(view)
    context = {"report": report, "form": form, "ask": ask, "query": query}
    status = 422 if request.method == "POST" else 200 if ask.is_valid() else 400
    return render(request, "reports/catalogue/save_view.html", context, status=status)


@require_POST
def view_delete(request: SiteRequest, pk: int) -> HttpResponse:
    """Only by whoever saved it."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    if view.owner_id != request.user.pk:
        raise NotAllowed(_("Chỉ người đã lưu mẫu báo cáo mới bỏ được."))
    view.delete()
    messages.success(request, _("Đã bỏ mẫu báo cáo “%(name)s”.") % {"name": view.name})
    return redirect("reports:index")


def saved_views(user: User) -> list[SavedView]:
    return list(SavedView.objects.visible_to(user).for_list())
