"""The catalogues: English has every text, placeholders agree, Vietnamese overrides Django."""

import polib
import pytest
from django import forms
from django.utils.translation import gettext, ngettext, override

from khuyencong.translations import (
    catalogue_path,
    compile_catalogues,
    messages_in_code,
    messages_in_python,
    messages_in_template,
    missing_messages,
    placeholders,
)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compile_catalogues()


def test_english_catalogue_has_every_text() -> None:
    missing = missing_messages("en", messages_in_code())
    assert not missing, "Run `make gaps`:\n" + "\n".join(f"{each.place}: {each.text}" for each in missing)


def test_english_catalogue_has_no_text_that_the_code_lost() -> None:
    used = {message.key for message in messages_in_code()}
    entries = polib.pofile(str(catalogue_path("en")))
    lost = [entry.msgid for entry in entries if (entry.msgctxt or "", entry.msgid) not in used]
    assert not lost


@pytest.mark.parametrize("language", ["vi", "en"])
def test_placeholders_agree(language: str) -> None:
    for entry in polib.pofile(str(catalogue_path(language))):
        forms_of_entry = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        expected = set(placeholders(entry.msgid)) | set(placeholders(entry.msgid_plural))
        for text in forms_of_entry:
            assert set(placeholders(text)) <= expected, entry.msgid
        assert set(placeholders(forms_of_entry[-1])) == expected, entry.msgid


@pytest.mark.parametrize("language", ["vi", "en"])
def test_catalogue_has_no_fuzzy_or_double_entry(language: str) -> None:
    entries = polib.pofile(str(catalogue_path(language)))
    keys = [(entry.msgctxt, entry.msgid) for entry in entries]
    assert len(keys) == len(set(keys))
    assert not [entry.msgid for entry in entries if entry.fuzzy]


def test_django_speaks_vietnamese_where_its_own_catalogue_is_empty() -> None:
    with override("vi"):
        with pytest.raises(forms.ValidationError, match="Không được để trống"):
            forms.CharField().clean("")
        assert gettext("Enter a valid duration.") == "Khoảng thời gian không hợp lệ."
        assert (
            ngettext("Please submit at least %(num)d form.", "Please submit at least %(num)d forms.", 2) % {"num": 2}
            == "Phải nhập ít nhất 2 dòng."
        )


def test_text_without_translation_stays_vietnamese() -> None:
    with override("en"):
        assert gettext("Một câu chưa ai dịch") == "Một câu chưa ai dịch"


def test_extraction_reads_python() -> None:
    source = "a = _('Kế hoạch')\nb = pgettext('nút', 'Duyệt')\nc = ngettext('%(n)d dòng', '%(n)d các dòng', n)\n"
    found = [(each.context, each.text, each.plural) for each in messages_in_python(source, "x.py")]
    assert found == [("", "Kế hoạch", ""), ("nút", "Duyệt", ""), ("", "%(n)d dòng", "%(n)d các dòng")]


def test_extraction_reads_templates() -> None:
    source = (
        "{% translate 'Lưu (nháp)' %} {% translate 'Duyệt' context 'nút' %} {{ _('Đợt') }}"
        "{% blocktranslate count n=rows %}{{ n }} dòng{% plural %}{{ n }} các dòng{% endblocktranslate %}"
        "{% blocktranslate trimmed %}\n  Của\n  năm {{ year }}\n{% endblocktranslate %}"
    )
    found = {(each.context, each.text, each.plural) for each in messages_in_template(source, "x.html")}
    assert found == {
        ("", "Lưu (nháp)", ""),
        ("nút", "Duyệt", ""),
        ("", "Đợt", ""),
        ("", "%(n)s dòng", "%(n)s các dòng"),
        ("", "Của năm %(year)s", ""),
    }
