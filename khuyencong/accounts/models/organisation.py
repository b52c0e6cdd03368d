"""The scope tree: province → Department → Centre, with the names each bore over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import count
from operator import or_
from typing import TYPE_CHECKING, Any, Literal, Protocol

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import SortKeyField, TextLine
from khuyencong.partial_dates import partial_date_in_words, read_partial_date, year_of
from khuyencong.text import fold

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MAX_DEPTH = 4


class Person(Protocol):
    """Who asks for organisations: :class:`khuyencong.accounts.models.User`, as far as the tree has to know them."""

    is_superuser: bool
    memberships: Any

    @property
    def is_authenticated(self) -> Literal[True]: ...

    def visible_organisation_ids(self) -> frozenset[int]: ...

    def lineage_ids(self) -> frozenset[int]: ...

    def organisation_ids_with(self, *roles: str) -> frozenset[int]: ...


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Person | AnonymousUser) -> OrganisationQuerySet:
        """Organisations inside a scope over which the user holds a role."""
        return self.filter(pk__in=user.visible_organisation_ids()) if user.is_authenticated else self.none()

    def known_to(self, user: Person) -> OrganisationQuerySet:
        """Those visible and those above them, which issue what the user reads."""
        return self.filter(pk__in=user.lineage_ids())

    def provinces_of(self, user: Person) -> OrganisationQuerySet:
        """The provinces in which the user holds a role, whose registries they share."""
        return self.filter(kind=Organisation.Kind.PROVINCE, pk__in=user.lineage_ids())

    def administered_by(self, user: Person) -> OrganisationQuerySet:
        """The provinces in which the user is an administrator of any part; a superuser keeps them all."""
        provinces = self.filter(kind=Organisation.Kind.PROVINCE)
        if user.is_superuser:
            return provinces
        above = user.memberships.filter(role="administrator").values_list(
            "scope", "scope__parent", "scope__parent__parent", "scope__parent__parent__parent"
        )
        return provinces.filter(pk__in={pk for row in above for pk in row if pk})

    def centres(self) -> OrganisationQuerySet:
        return self.filter(kind=Organisation.Kind.CENTRE)

    def in_province(self, province_id: int) -> OrganisationQuerySet:
        """The province and all below it."""
        paths = ("pk", "parent", "parent__parent", "parent__parent__parent")
        return self.filter(reduce(or_, (models.Q(**{path: province_id}) for path in paths)))

    def linked(self) -> dict[int, Organisation]:
        """By id, each with its parent at hand where that is among them; read once, whoever refers to them."""
        nodes = {node.pk: node for node in self.order_by()}
        for node in nodes.values():
            if node.parent_id in nodes:
                node.parent = nodes[node.parent_id]
        return nodes

    def where_user_holds(self, user: Person, *roles: str) -> OrganisationQuerySet:
        """Organisations over which the user holds one of the roles."""
        return self.filter(pk__in=user.organisation_ids_with(*roles))


class Organisation(models.Model):
    """A node of the scope tree. ``name`` is today's name; earlier ones are in :class:`FormerName`.

    ``works_since`` is the day, month or year from which it works, as far as it is told (``khuyencong.partial_dates``).
    It is told in papers of that time and judges nothing: a letter may be older than whoever carries it out.
    """

    class Kind(models.TextChoices):
        PROVINCE = "province", _("Tỉnh, thành phố")
        DEPARTMENT = "department", _("Sở Công Thương")
        CENTRE = "centre", _("Trung tâm Khuyến công")

    code = models.SlugField(_("mã"), max_length=40, unique=True)
    kind = models.CharField(_("loại đơn vị"), max_length=20, choices=Kind)
    name = TextLine(_("tên hiện nay"), max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("đơn vị cấp trên")
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("đơn vị kế thừa")
    )
    area_code = models.CharField(
        _("mã hành chính"),
        max_length=10,
        blank=True,
        help_text=_("Chỉ ghi cho tỉnh, thành phố; danh sách địa bàn của đề án lấy theo mã này."),
    )
    works_since = TextLine(
        _("đi vào hoạt động từ"),
        max_length=10,
        blank=True,
        help_text=_("Ngày, tháng hoặc năm, ví dụ 03/10/2005, 10/2005 hoặc 2005; để trống nếu không rõ."),
    )
    project_mark = models.CharField(
        _("ký hiệu trong mã đề án"),
        max_length=6,
        blank=True,
        validators=[RegexValidator("^[A-Z0-9]+$", _("Chỉ gồm chữ cái in hoa không dấu và chữ số, ví dụ HD."))],
        help_text=_(
            "Ví dụ HD thì mã đề án mới là KC2026-HD-001. Trung tâm đầu tiên của tỉnh, thành phố có thể để trống; "
            "Trung tâm lập sau để trống thì phần mềm lấy chữ cái đầu của tên. Mã đã đặt không đổi."
        ),
    )
    name_key = SortKeyField(source="name")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name_key"]
        verbose_name = _("đơn vị, cơ quan")
        verbose_name_plural = _("đơn vị, cơ quan")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="province", parent=None)
                | (~models.Q(kind="province") & models.Q(parent__isnull=False)),
                name="organisation_parent_unless_province",
                violation_error_message=_(
                    "Chỉ tỉnh, thành phố không có đơn vị cấp trên; đơn vị khác phải chọn đơn vị cấp trên."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A Centre that is not the first of its province gets a mark when it is founded, so that no two Centres give
        one code: the first keeps the codes that it has given."""
        if self._state.adding and self.kind == self.Kind.CENTRE and not self.project_mark:
            give_marks([self], Organisation.objects.centres().in_province(self.province().pk))
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuses a circle and a tree deeper than the roles know (province, Department, Centre, branch)."""
        self._clean_start()
        self._clean_mark()
        seen, node = {self.pk} if self.pk else set(), self.parent
        while node is not None:
            if node.pk in seen:
                raise ValidationError(
                    {"parent": _("Đơn vị cấp trên không được là chính đơn vị này hoặc đơn vị dưới quyền.")}
                )
            seen.add(node.pk)
            node = node.parent
        if len(seen) > MAX_DEPTH:
            raise ValidationError({"parent": _("Đơn vị chỉ được xếp tối đa 4 cấp.")})

    @property
    def is_city(self) -> bool:
        """Whether a province is a centrally-run city, which its present name says."""
        return self.name.startswith("Thành phố ")

    def _clean_start(self) -> None:
        if self.works_since:
            try:
                self.works_since = read_partial_date(self.works_since)
            except ValidationError as problem:
                raise ValidationError({"works_since": problem.messages}) from problem

    def _clean_mark(self) -> None:
        """One mark for one organisation of the province."""
        if not self.project_mark or self.parent is None:
            return
        others = Organisation.objects.in_province(self.province().pk).exclude(pk=self.pk)
        if twin := others.filter(project_mark=self.project_mark).first():
            text = _("%(name)s đã dùng ký hiệu này.") % {"name": twin}
            raise ValidationError({"project_mark": text})

    def start_told_in(self, year: int) -> str:
        """“Trung tâm … đi vào hoạt động từ tháng 10/2005.” in the papers of its first year and of the next, which look
        back on the first; empty in all others."""
        if not self.works_since or year_of(self.works_since) not in (year - 1, year):
            return ""
        named = {"name": self.name_on(dt.date(year, 12, 31)), "start": partial_date_in_words(self.works_since)}
        return gettext("%(name)s đi vào hoạt động từ %(start)s.") % named

    def lineage(self) -> list[Organisation]:
        """It and those above it, from the lowest up (parents fetched by the plan's ``for_page()``)."""
        nodes: list[Organisation] = []
        node: Organisation | None = self
        while node is not None:
            nodes.append(node)
            node = node.parent
        return nodes

    def province(self) -> Organisation:
        """The root of the tree above this node (parents fetched by the plan's ``for_page()``)."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def name_on(self, on: dt.date) -> str:
        """The name borne on that day, as a document of that day prints it."""
        for former in self.former_names.all():
            if former.covers(on):
                return former.name
        return self.name

    def signer_on(self, on: dt.date) -> Signer | None:
        """Who signed its papers on that day; None while nobody was named."""
        known = [signer for signer in self.signers.all() if signer.valid_from <= on]
        return max(known, key=lambda signer: signer.valid_from, default=None)


def give_marks(new: Sequence[Organisation], stored: Iterable[Organisation]) -> None:
    """Marks for the Centres of one province that have none and are founded in this order beside those stored; the first
    Centre of all needs none."""
    others = list(stored)
    is_first = not any(one.kind == Organisation.Kind.CENTRE for one in others)
    taken = {one.project_mark for one in (*others, *new)}
    for one in new:
        if one.kind == Organisation.Kind.CENTRE:
            if not one.project_mark and not is_first:
                one.project_mark = _free_mark(one.name, taken)
                taken.add(one.project_mark)
            is_first = False


def _free_mark(name: str, taken: set[str]) -> str:
    """The initials of the last two words of the name, “HD” of “Trung tâm Khuyến công Hải Dương”; with a number where
    another one has them."""
    words = ["".join(filter(str.isalnum, fold(word))) for word in name.split()]
    mark = "".join(word[0] for word in [word for word in words if word][-2:]).upper() or "TT"
    return next(one for number in count(1) if (one := mark if number == 1 else f"{mark}{number}") not in taken)


class FormerNameQuerySet(models.QuerySet["FormerName"]):
    def visible_to(self, user: Person) -> FormerNameQuerySet:
        """Of the organisations that the user knows."""
        return self.filter(organisation__in=user.lineage_ids())


class FormerName(models.Model):
    """A name that an organisation bore up to ``valid_to``; an empty ``valid_from`` means from its beginning."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="former_names")
    name = TextLine(_("tên"), max_length=200)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến ngày"))

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        ordering = ["valid_to"]
        verbose_name = _("tên gọi trước đây")
        verbose_name_plural = _("tên gọi trước đây")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from=None) | models.Q(valid_from__lte=models.F("valid_to")),
                name="former_name_dates",
                violation_error_message=_("Ngày kết thúc phải từ ngày bắt đầu trở đi."),
            ),
            models.UniqueConstraint(fields=["organisation", "valid_to"], name="former_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def covers(self, on: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and on <= self.valid_to


class SignerQuerySet(models.QuerySet["Signer"]):
    def visible_to(self, user: Person) -> SignerQuerySet:
        """Of the organisations that the user knows."""
        return self.filter(organisation__in=user.lineage_ids())


def _above_position(label: Any, help_text: Any, max_length: int = 100) -> TextLine:
    """What may stand above the signer's own position."""
    return TextLine(label, max_length=max_length, blank=True, help_text=help_text)


class Signer(models.Model):
    """Who signs an organisation's papers from a day on, until the next one does (NĐ 30/2020).

    A deputy signs in the place of the head (*KT.*), a head on behalf of a collective (*TM.*), whoever leads a part of
    the office by order of the head (*TL.*) or by written authority for a time (*TUQ.*). What is not named is left to be
    written by hand.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="signers", verbose_name=_("đơn vị"))
    valid_from = models.DateField(_("từ ngày"))
    on_behalf_of = _above_position(
        _("thay mặt (TM.)"),
        _("Tập thể mà người ký thay mặt, ví dụ Ủy ban nhân dân thành phố; để trống nếu không có."),
        max_length=200,
    )
    in_place_of = _above_position(
        _("ký thay (KT.)"),
        _("Chức vụ của người đứng đầu khi cấp phó ký thay, ví dụ Giám đốc; để trống nếu người đứng đầu ký."),
    )
    by_order_of = _above_position(
        _("thừa lệnh (TL.)"),
        _("Chức vụ của người đứng đầu khi người phụ trách bộ phận ký thừa lệnh, ví dụ Giám đốc."),
    )
    by_authority_of = _above_position(
        _("thừa ủy quyền (TUQ.)"),
        _("Chức vụ của người đứng đầu đã ủy quyền bằng văn bản cho người phụ trách bộ phận ký, có thời hạn."),
    )
    position = TextLine(_("chức vụ người ký"), max_length=100, help_text=_("Ví dụ Giám đốc, Phó Giám đốc, Chủ tịch."))
    name = TextLine(_("họ và tên người ký"), max_length=120, blank=True)
    has_preparer = models.BooleanField(
        _("có ô người lập biểu"), default=True, help_text=_("Dưới bảng Excel và bản in có thêm ô NGƯỜI LẬP BIỂU.")
    )
    preparer = TextLine(_("họ và tên người lập biểu"), max_length=120, blank=True)

    objects = SignerQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from"]
        verbose_name = _("người ký văn bản")
        verbose_name_plural = _("người ký văn bản")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "valid_from"],
                name="signer_once_a_day",
                violation_error_message=_("Đã có người ký từ ngày này."),
            ),
            models.CheckConstraint(
                condition=models.Q(by_order_of="") | models.Q(by_authority_of=""),
                name="signer_by_one_mark",
                violation_error_message=_("Chỉ ghi một trong hai: thừa lệnh (TL.), hoặc thừa ủy quyền (TUQ.)."),
            ),
        ]

    def __str__(self) -> str:
        return self.title.replace("\n", " ")

    @property
    def title(self) -> str:
        """In capitals, a line for each part: “KT. GIÁM ĐỐC” over “PHÓ GIÁM ĐỐC”."""
        marks = ("TM.", "TL.", "TUQ.", "KT.")
        titles = (self.on_behalf_of, self.by_order_of, self.by_authority_of, self.in_place_of)
        above = zip(marks, titles, strict=True)
        return "\n".join([*(f"{mark} {text.upper()}" for mark, text in above if text), self.position.upper()])
