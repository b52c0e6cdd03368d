"""Filters built into every template: how money, dates and missing values are printed."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from khuyencong.accounts.models import Organisation
from khuyencong.drafts import Desk
from khuyencong.money import NOT_RECORDED, format_million, format_vnd, in_unit
from khuyencong.official import unbroken
from khuyencong.text import inside_sentence, translated
from khuyencong.widgets import MoneyInput

register = template.Library()


register.filter("inside_sentence", inside_sentence)
register.filter("translated", translated)
register.filter("unbroken", unbroken)


@register.simple_block_tag
def captured(content: str) -> str:
    """What stands at two places of a page is drawn once: ``{% captured as menu %}…{% endcaptured %}``."""
    return content


@register.simple_tag(takes_context=True)
def desk_at(context: Any, name: str, *args: Any, **query: str) -> Desk:
    """The desk of a form that is sent elsewhere: ``{% desk_at "projects:comment_add" project.pk as desk %}``."""
    return Desk(context["request"], reverse(name, args=args, query=query))


@register.filter
def with_label(field: BoundField, css_class: str = "") -> SafeString:
    """A field of a question under its label, with what is wrong with it. ``css_class`` is for some periods alone."""
    errors = format_html_join(
        "", '<p class="invalid-feedback d-block" id="{}_error">{}</p>', ((field.auto_id, one) for one in field.errors)
    )
    return format_html(
        '<div{}><label class="form-label" for="{}">{}</label>{}{}</div>',
        format_html(' class="{}"', css_class) if css_class else "",
        field.id_for_label,
        field.label,
        field,
        errors,
    )


@register.filter
def named_on(organisation: Organisation, on: datetime.date | None) -> str:
    """The name that the organisation bore on that day; today's where no day is asked."""
    return organisation.name_on(on) if on else str(organisation)


@register.filter
def vnd(amount: int | str | None) -> str:
    """An amount in đồng as 1.234.567; "–" where none is recorded."""
    return NOT_RECORDED if amount in (None, "") else format_vnd(int(amount))


@register.filter
def million(amount: int | str | None) -> str:
    """An amount in đồng, printed in triệu đồng as 62,5; "–" where none is recorded."""
    return NOT_RECORDED if amount in (None, "") else format_million(int(amount))


register.filter("in_unit", in_unit)


@register.filter
def money_question(field: BoundField) -> SafeString | str:
    """What is asked about an amount, where a template draws the field itself."""
    widget = field.field.widget
    found = widget.question if isinstance(widget, MoneyInput) else None
    return found.html(field.html_name) if found else ""


@register.filter
def dash(value: Any) -> Any:
    """The value itself, 0 included; "–" for None and empty text."""
    return NOT_RECORDED if value is None or value == "" else value


@register.filter
def law(text: Any) -> Any:
    """Words of law and names as they stand there, never translated: marked as Vietnamese on a page that is not."""
    return text if not text or get_language() == "vi" else format_html('<span lang="vi">{}</span>', text)


@register.filter
def vndate(value: datetime.date | None) -> str:
    """A date as dd/mm/yyyy; "–" where none is recorded. An aware datetime gives its day in local time."""
    if not value:
        return NOT_RECORDED
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


@register.filter
def percent(value: int | float | Decimal | None, digits: int = 0) -> str:
    """A share already in percent (62.5 is 62,5%), rounded to so many decimals."""
    if value is None or value == "":
        return NOT_RECORDED
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{rounded + 0:,f}".translate(str.maketrans(",.", ".,")) + "%"
