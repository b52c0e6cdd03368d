"""A code in the province's registry of establishments: of one form, of one establishment, and no person's number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation
from khuyencong.identifiers import check_tax_code
from projects.models import Beneficiary
from projects.refusals import Refused
from projects.services.storing import store_many, store_new


@contextmanager
def registry_held(province: Organisation) -> Iterator[None]:
    """One transaction in which nobody else adds to the province's registry or changes it: what a form found free, or
    as it was opened, is so when it is saved."""
    with transaction.atomic():
        Beneficiary.objects.lock_registry(province)
        yield


def enter_in_registry(beneficiary: Beneficiary) -> Beneficiary:
    """Adds the establishment; the registry is held, so that a code found free stays free until it is stored.

    Raises Refused for a code that can't be or that the registry has already, and for what can't be stored.
    """
    Beneficiary.objects.lock_registry(beneficiary.province)
    settle_code(beneficiary)
    return store_new(beneficiary)


def enter_many_in_registry(new: Sequence[Beneficiary]) -> None:
    """Adds several establishments of one province at once.

    Raises Refused as :func:`enter_in_registry`, also where two of them bear one code; then none is stored.
    """
    if not new:
        return
    Beneficiary.objects.lock_registry(new[0].province)
    for beneficiary in new:
        if beneficiary.province_id != new[0].province_id:
            raise Refused(_("Các đơn vị thụ hưởng không cùng một danh bạ."), code="other_registry")
    settle_new_codes(new)
    store_many(new)


def settle_new_codes(beneficiaries: Sequence[Beneficiary]) -> None:
    """Writes the tax codes that these establishments of one registry get as codes are stored.

    Raises Refused as :func:`settle_code`, also where two of them bear one code.
    """
    for beneficiary in beneficiaries:
        if beneficiary.tax_code:
            beneficiary.tax_code = _stored_code(beneficiary.tax_code)
    codes = [one.tax_code for one in beneficiaries if one.tax_code]
    taken = {code for code in codes if codes.count(code) > 1} if len(set(codes)) < len(codes) else set()
    if codes:
        taken |= Beneficiary.objects.filter(province=beneficiaries[0].province_id).codes_among(codes)
    if taken:
        text = _("Đã có đơn vị mang mã số thuế %(codes)s.") % {"codes": ", ".join(sorted(taken))}
        raise Refused({"tax_code": text}, code="twice")


def _stored_code(typed: str) -> str:
    """The code as codes are stored. Raises Refused for one that can't be, and for a person's number."""
    try:
        read = check_tax_code(typed)
        if read.is_personal:
            raise ValidationError(_("Số định danh cá nhân được giữ riêng, không ghi ở mã số thuế."))
    except ValidationError as problem:
        raise Refused({"tax_code": problem}, code="code") from problem
    return read.code


def settle_code(beneficiary: Beneficiary, personal_number: str | None = None) -> str | None:
    """Writes the tax code as codes are stored, and returns the owner's personal number in that form.

    That number is kept apart, where pages show it masked; None says nothing of it, an empty one that there is none.
    Raises Refused for a code that can't be, and one that another establishment of the registry bears.
    """
    if beneficiary.tax_code:
        beneficiary.tax_code = _stored_code(beneficiary.tax_code)
    try:
        if personal_number:
            number = check_tax_code(personal_number)
            if not number.is_personal:
                raise ValidationError(_("Số định danh cá nhân gồm 12 chữ số."))
            personal_number = number.code
    except ValidationError as problem:
        raise Refused({"tax_code": problem}, code="code") from problem
    code = personal_number or beneficiary.tax_code
    if code and Beneficiary.objects.others_in_registry(beneficiary).with_tax_code(code).exists():
        raise Refused({"tax_code": _("Đã có đơn vị mang mã số thuế này.")}, code="twice")
    return personal_number
