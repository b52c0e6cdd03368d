"""How Vietnamese text is stored, searched and sorted."""

import random
import unicodedata

import pytest
from django.db import connection, models
from django.db.models import F, Q
from django.test.utils import isolate_apps

from khuyencong.fields import FoldedField, SortKeyField, TextBlock, TextLine, refresh_text_columns
from khuyencong.text import MAX_SEARCH_WORDS, fold, folded_query, inside_sentence, nfc, sort_key
from programmes.models import AdminUnit
from tests.there import there

NFD_NAME = unicodedata.normalize("NFD", "Thủy Nguyên")
# Order of ICU 78, locale vi.
PLACES_IN_ORDER = """
2 Tháng 9|3 Tháng 2|An Dương|An Lão|Ân Thi|Ba Bể|Bà Rịa|Bắc Hà|Bến Tre|Cát Bà
Cát Hải|Củ Chi|Dầu Tiếng|Đà Bắc|Đà Nẵng|Đắk Lắk|Đình Vũ|Đồ Sơn|Đông Triều|Gia Lộc
Hà Nội|Hải An|Hải Dương|Hải Phòng|Hòa An|Hồng Bàng|Kẻ Sặt|Kiến An|Kiến Thụy|Kinh Môn
Lai Vu|Lê Chân|Nam Sách|Ngô Quyền|Ninh Giang|Ô Môn|Phù Liễn|Quỳnh Phụ|Sa Pa|Tam Kỳ
Thanh Hà|Thanh Miện|Thủy Nguyên|Tiên Lãng|Tứ Kỳ|Uông Bí|Ứng Hòa|Vĩnh Bảo|Ý Yên
"""


def random_text(source: random.Random) -> str:
    """Letters, tones, spaces, marks, invisible and hostile characters in any order."""
    alphabet = "aAăÂđĐêơưyuqiktz 019-–.,/%_\\'\"&²½Ж漢İßK\u0300\u0301\u0309\u0302\u031b"
    alphabet += "\u00a0\u200b\u202e\x00\t\n\ud800\ufffe"
    return "".join(source.choice(alphabet) for _ in range(source.randint(0, 12)))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Thủy   Nguyên ", "Thủy Nguyên"),
        (NFD_NAME, "Thủy Nguyên"),
        ("An\u00a0Lão", "An Lão"),
        ("An\r\nLão\tHP", "An Lão HP"),
        ("\ufeffA\u200bn\x00 \u202eLão\x7f", "An Lão"),
        ("a\u200d\u0301", "á"),
        ("An\ud800 \uffffLão", "An Lão"),
        ("Đ/c: 5\u3000Lê Lợi", "Đ/c: 5 Lê Lợi"),
        ("   ", ""),
    ],
)
def test_nfc_gives_one_line_as_stored(typed: str, stored: str) -> None:
    assert nfc(typed) == stored


def test_nfc_keeps_lines_of_a_block() -> None:
    assert nfc("  Mục 1 \r\n  - a\u00a0b  \r\n\r\nMục\x00 2\n", multiline=True) == "Mục 1\n  - a b\n\nMục 2"


def test_nfc_and_fold_are_settled_after_one_pass() -> None:
    source = random.Random(2006)
    for text in (random_text(source) for _ in range(5000)):
        for multiline in (False, True):
            assert nfc(nfc(text, multiline=multiline), multiline=multiline) == nfc(text, multiline=multiline)
        assert fold(fold(text)) == fold(text) == fold(unicodedata.normalize("NFD", text))
        nfc(text).encode()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đề án", "de an"),
        (NFD_NAME, "thui nguien"),
        ("Cty TNHH-TM", "cti tnhh tm"),
        ("Ðảng ủy", "dang ui"),
        ("04/2020/QĐ-UBND", "04 2020 qd ubnd"),
        ("100 m²", "100 m2"),
        ("100%_\\'; --", "100"),
        ("Tây Yên", "tay yen"),
        ("ＡＢＣ", "abc"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thuỷ", "Thủy"),
        ("Hoà", "Hòa"),
        ("Quý", "Quí"),
        ("kỹ thuật", "kĩ thuật"),
        ("Lý", "lí"),
        ("QUÝT", "quít"),
    ],
)
def test_fold_takes_spellings_of_one_word_as_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Tây", "Tai"), ("Yên", "Iên"), ("máy", "mái")])
def test_fold_keeps_other_words_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("name", ["Khuyến công quý III", "Công ty cổ phần Thủy Nguyên", "Đề án máy cày Yên Mỹ"])
def test_fold_of_what_is_typed_so_far_is_always_found(name: str) -> None:
    for typed in (name, name.lower(), unicodedata.normalize("NFD", name)):
        for end in range(len(typed) + 1):
            assert all(word in fold(name) for word in fold(typed[:end]).split())


def test_folded_query_asks_for_every_word_once() -> None:
    assert folded_query("Quý quí, 50%", "search") == Q(search__contains="qui") & Q(search__contains="50")
    assert folded_query(" %% ", "search") == Q()
    assert len(folded_query(" ".join(map(str, range(5000))), "search")) == MAX_SEARCH_WORDS


def test_sort_key_orders_places_as_icu() -> None:
    names = PLACES_IN_ORDER.strip().replace("\n", "|").split("|")
    shuffled = random.Random(1).sample(names, len(names))
    assert sorted(shuffled, key=sort_key) == names


@pytest.mark.parametrize(
    "ordered",
    [
        ["ma", "mà", "mả", "mã", "má", "mạ", "mă", "mằ", "mâ", "mấ", "mb"],
        ["a", "A", "à", "À", "ả", "ă", "Ă", "â", "b", "c", "d", "D", "đ", "Đ", "e", "ê", "f"],
        ["o", "ọ", "ô", "Ổ", "ơ", "Ợ", "p", "u", "ụ", "ư", "ự", "v", "y", "z", "Ж"],
        ["An", "An (1)", "An 1", "An 10", "An 2", "An Bình", "An-Bình", "An, Bình", "Anh"],
        ["", "-", ".", "1", "a"],
        ["bà a", "ba b"],
        ["muller", "Muller", "Müller", "mullerz"],
    ],
)
def test_sort_key_levels(ordered: list[str]) -> None:
    keys = [sort_key(text) for text in ordered]
    assert keys == sorted(set(keys))


def test_sort_key_ignores_how_letters_are_encoded() -> None:
    source = random.Random(5)
    for text in (random_text(source) for _ in range(2000)):
        assert sort_key(text) == sort_key(unicodedata.normalize("NFD", text)) == sort_key(nfc(text, multiline=True))


@isolate_apps("khuyencong")
def test_fields_keep_text_as_stored_and_derive_the_columns() -> None:
    class Place(models.Model):
        name = TextLine(max_length=12)
        note = TextBlock(blank=True)
        search = FoldedField(sources=("name", "note", "owner"))
        name_key = SortKeyField(source="name")
        owner = None

        class Meta:
            app_label = "khuyencong"

        def __str__(self) -> str:
            return self.name

    place = Place(name=f"  {NFD_NAME} ", note="a\r\nb ")
    place.full_clean()
    assert (place.name, place.note) == ("Thủy Nguyên", "a\nb")
    place.name = NFD_NAME
    values = {field.name: field.pre_save(place, add=True) for field in Place._meta.fields if field.name != "id"}
    expected = {"name": "Thủy Nguyên", "note": "a\nb", "search": "thui nguien a b"}
    assert values == expected | {"name_key": sort_key("Thủy Nguyên")}
    assert (place.name, place.search, place.name_key) == (
        values["name"],
        values["search"],
        values["name_key"],
    )
    assert Place._meta.get_field("name").get_db_prep_value(NFD_NAME, connection, False) == "Thủy Nguyên"
    place.name = F("note")
    assert Place._meta.get_field("name").pre_save(place, add=False) == F("note")
    assert not Place._meta.get_field("search").editable


@pytest.mark.parametrize(
    "field",
    [
        TextLine(max_length=5),
        TextBlock(blank=True),
        FoldedField(sources=["a", "b"]),
        SortKeyField(source="a"),
        SortKeyField(source="a", db_index=False),
    ],
)
def test_fields_are_rebuilt_from_migrations(field: models.Field) -> None:
    _, path, args, kwargs = field.deconstruct()
    assert path == f"khuyencong.fields.{type(field).__name__}"
    again = type(field)(*args, **kwargs)
    assert again.deconstruct() == field.deconstruct()
    assert (again.editable, again.blank) == (field.editable, field.blank)
    assert again.db_index == field.db_index  # type: ignore[attr-defined]  # the stubs forget it


def test_form_field_counts_length_as_stored() -> None:
    field = there(TextLine(max_length=len("Thủy Nguyên")).formfield())
    assert field.clean(f" {NFD_NAME}\x00 ") == "Thủy Nguyên"
    assert not field.has_changed("Thủy Nguyên", NFD_NAME)


@pytest.mark.django_db
def test_columns_follow_bulk_create_and_refresh() -> None:
    kind = AdminUnit.Kind.COMMUNE
    names = ["Xã Đồ Sơn", unicodedata.normalize("NFD", "Xã Cát Bà"), "Xã An Lão"]
    AdminUnit.objects.bulk_create(AdminUnit(code=f"x{i}", name=name, kind=kind) for i, name in enumerate(names))
    rows = AdminUnit.objects.filter(code__startswith="x")
    assert [row.name for row in rows.order_by("name_key")] == ["Xã An Lão", "Xã Cát Bà", "Xã Đồ Sơn"]
    assert rows.get(folded_query("cat ba", "search")).code == "x1"

    rows.filter(code="x1").update(name="  Xã Đông   Quý")
    assert not rows.filter(folded_query("quí", "search"))
    assert refresh_text_columns(rows) == 1
    assert refresh_text_columns(rows) == 0
    assert rows.get(folded_query("QUÍ đông", "search")).name == "Xã Đông Quý"
    assert [row.code for row in rows.order_by("name_key")] == ["x2", "x0", "x1"]


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Đã gửi Sở", "đã gửi Sở"),
        ("Sở đã thống nhất", "Sở đã thống nhất"),
        ("Sởn gai", "sởn gai"),
        ("Bộ Công Thương", "Bộ Công Thương"),
        ("UBND xã", "UBND xã"),
        ("", ""),
    ],
)
def test_a_label_inside_a_sentence_keeps_the_capitals_of_names(label: str, inside: str) -> None:
    assert inside_sentence(label) == inside
