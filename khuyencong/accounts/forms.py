"""Sign-in and password change, worded for the office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.authorisations import Term, delegable_by, delegates_for
from khuyencong.accounts.models import Membership, User
from khuyencong.forms import DateField, TextLineField, field_of
from khuyencong.text import nfc


class SignInForm(AuthenticationForm):
    """A wrong name and a wrong password are answered alike, so that names can't be found out."""

    error_messages = {
        "invalid_login": _("Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt."),
        "inactive": _("Tài khoản này đã ngừng sử dụng."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Tên đăng nhập")
        self.fields["password"].label = _("Mật khẩu")

    def clean_username(self) -> str:
        return nfc(self.cleaned_data["username"])


class ChangePasswordForm(PasswordChangeForm):
    old_password = forms.CharField(
        label=_("Mật khẩu hiện nay"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    error_messages = {
        "password_incorrect": _("Mật khẩu hiện nay không đúng."),
        "password_mismatch": _("Hai lần nhập mật khẩu mới không giống nhau."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Mật khẩu mới")
        self.fields["new_password2"].label = _("Nhập lại mật khẩu mới")


class DelegationForm(forms.Form):
    """Which of one's roles a colleague exercises, from when to when, by which document."""

    what = forms.ChoiceField(label=_("Vai trò ủy quyền"))
    to = forms.ChoiceField(label=_("Người được ủy quyền"))
    starts_on = DateField(label=_("Từ ngày"))
    ends_on = DateField(label=_("Đến hết ngày"))
    number = TextLineField(label=_("Số văn bản"), max_length=60, required=False)
    issued_on = DateField(label=_("Ngày văn bản"), required=False)
    reason = TextLineField(label=_("Lý do"), max_length=300, help_text=_("Ví dụ: đi công tác, nghỉ phép."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = {str(one.pk): one for one in delegable_by(user)}
        self.colleagues = {str(one.pk): one for one in delegates_for(user)}
        field_of(self, "what", forms.ChoiceField).choices = [(key, str(one)) for key, one in self.held.items()]
        people = [(key, str(one)) for key, one in self.colleagues.items()]
        field_of(self, "to", forms.ChoiceField).choices = [("", _("Chọn người")), *people]

    @property
    def membership(self) -> Membership:
        return self.held[self.cleaned_data["what"]]

    @property
    def delegate(self) -> User:
        return self.colleagues[self.cleaned_data["to"]]

    @property
    def term(self) -> Term:
        names = ("starts_on", "ends_on", "reason", "number", "issued_on")
        return Term(**{name: self.cleaned_data[name] for name in names})


class EndForm(forms.Form):
    reason = TextLineField(label=_("Lý do"), max_length=300)
