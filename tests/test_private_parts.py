"""Private parts of other libraries: which the code relies on and why, and that they still do what it takes them for.

A test that fails after an update names the file to change; pyproject.toml holds these libraries to the versions tried.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import io
from collections import defaultdict
from importlib.metadata import version
from zipfile import ZipFile

import pytest
from django import forms
from openpyxl import load_workbook
from xlsxwriter import Workbook

from khuyencong.forms import leave_rows_unjudged, leave_unjudged
from programmes.models import AdminUnit
from projects.models import Comment, Project, Support
from reports.printing.page_breaks import NumberedPages, set_page
from reports.takeout.columns import RecordKind
from reports.takeout.record_sheet import RecordCells, RecordSheet
from tests.sources import FILES, LAYERS, ROOT, name_of

DOCUMENTED = {"_meta", "_state", "_default_manager", "_base_manager", "_fields"}  # public in all but name
LIBRARIES = {"django", "xlsxwriter", "docx", "crispy_forms", "django_cte", "template_partials", "whitenoise"}
ALLOWED = {
    "khuyencong/packed.py": {"_Element"},
    "khuyencong/forms.py": {"_errors", "_non_form_errors"},
    "projects/figures/past_texts.py": {"_prefetched_objects_cache"},
    "projects/figures/prefetching.py": {"_prefetched_objects_cache"},
    "projects/forms/decision.py": {"_get_validation_exclusions"},
    "projects/forms/norms.py": {"_get_validation_exclusions"},
    "projects/forms/voucher.py": {"_get_validation_exclusions"},
    **{f"projects/importing/reading/{name}.py": {"_Element"} for name in ("ooxml", "opendocument")},
    "reports/printing/page_breaks.py": {
        *("_prepare_formula", "_write_header_footer", "_write_odd_header", "_xml_start_tag", "_xml_end_tag")
    },
    "reports/takeout/record_sheet.py": {"_check_dimensions", "_get_xf_index"},
}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("_") and name not in DOCUMENTED


def strangers(tree: ast.Module) -> set[str]:
    """Private names that are read or set on an object, and that no class or function of the file brings."""
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and is_private(node.attr)]
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own |= {node.target.id for node in ast.walk(tree) if isinstance(node, ast.AnnAssign) and hasattr(node.target, "id")}
    for node in asked:
        if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}:
            own.add(node.attr)
    return {node.attr for node in asked} - own


def overridden(module: str) -> set[str]:
    """Private methods of a library that a class of the module takes the place of."""
    return {
        name
        for one in vars(importlib.import_module(module)).values()
        if inspect.isclass(one) and one.__module__ == module
        for name, value in vars(one).items()
        if is_private(name) and inspect.isfunction(value)
        for base in one.__mro__[1:]
        if base.__module__.split(".")[0] in LIBRARIES and name in vars(base)
    }


def test_private_parts_that_are_used_are_those_listed() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if names := strangers(ast.parse(path.read_text())) | overridden(module):
            found[name_of(path)] = names
    assert found == ALLOWED


def test_rule_sees_what_is_read_set_and_overridden() -> None:
    source = "class A:\n def _b(self): self._c = x._d = self._b()\n e._f._meta, self._g.__class__, z._c\n"
    assert strangers(ast.parse(source)) == {"_d", "_f", "_g"}
    assert overridden("reports.printing.page_breaks") == {"_prepare_formula", "_write_header_footer"}
    assert {path.split("/")[0] for path in ALLOWED} < set(LAYERS)


def changed(library: str, part: str, file: str) -> str:
    return f"{library} {version(library)} has changed {part}, on which {file} relies."


def test_form_keeps_its_errors_in_errors() -> None:
    """Without them set, showing a form would judge it: ``errors`` has no public way of not being asked."""

    class Asked(forms.Form):
        name = forms.CharField()

    form = Asked({})
    leave_unjudged(form)
    assert form.errors == {} and form.cleaned_data == {}, changed("Django", "Form._errors", "khuyencong/forms.py")
    rows = forms.formset_factory(Asked)({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"})
    leave_rows_unjudged(rows)
    said = changed("Django", "BaseFormSet._errors or _non_form_errors", "khuyencong/forms.py")
    assert rows.errors == [{}] and rows.non_form_errors() == [], said
    assert not Asked({}).is_valid(), "the form would be refused if it were judged"


def test_related_rows_are_kept_in_prefetched_objects_cache() -> None:
    """``prefetch_related`` takes several times as long, for it makes a query set for each project. A list does too,
    and no database is asked."""
    places, supports = [AdminUnit(name="Nam Sơn")], [Support(planned_count=3)]
    project = Project(pk=1)
    project._prefetched_objects_cache = {"places": places, "supports": supports}  # type: ignore[attr-defined]
    said = changed("Django", "_prefetched_objects_cache", "projects/figures/prefetching.py and past_texts.py")
    assert list(project.places.all()) == places and list(project.supports.all()) == supports, said


def test_model_form_asks_which_fields_its_row_is_not_judged_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form judges its row in one go; what it leaves out it says nowhere else."""

    class Asked(forms.ModelForm):
        class Meta:
            model = Comment
            fields = ["text"]

        def _get_validation_exclusions(self) -> set[str]:
            return super()._get_validation_exclusions() | {"text"}  # type: ignore[misc]

    left_out: set[str] = set()
    monkeypatch.setattr(Comment, "full_clean", lambda self, exclude, **rest: left_out.update(exclude))
    said = changed("Django", "ModelForm._get_validation_exclusions", "projects/forms")
    assert Asked({"text": "Đã xem"}).is_valid() and left_out >= {"text", "project"}, said


def sheet_of(file: io.BytesIO) -> str:
    return ZipFile(file).read("xl/worksheets/sheet1.xml").decode()


@pytest.fixture(scope="module")
def numbered() -> str:
    """A printed sheet as it is stored."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "use_future_functions": True}) as workbook:
        sheet = workbook.add_worksheet("Biểu", worksheet_class=NumberedPages)
        set_page(sheet)
        sheet.write_formula(0, 0, "=ACOT(B1)")
    return sheet_of(file)


def test_worksheet_writes_its_header_by_a_method_of_its_own(numbered: str) -> None:
    """There is no option for a first page without number."""
    said = changed("XlsxWriter", "how a header is written", "reports/printing/page_breaks.py")
    header = '<oddHeader>&amp;C&amp;"Times New Roman,Regular"&amp;13&amp;P</oddHeader>'
    assert f'<headerFooter differentFirst="1" scaleWithDoc="0">{header}</headerFooter>' in numbered, said


def test_worksheet_prepares_formulas_by_a_method_of_its_own(numbered: str) -> None:
    """Searching each formula for thirty functions that are not there takes longer than writing it."""
    said = changed("XlsxWriter", "Worksheet._prepare_formula", "reports/printing/page_breaks.py")
    assert "<f>ACOT(B1)</f>" in numbered, said


@pytest.fixture(scope="module")
def records() -> io.BytesIO:
    file = io.BytesIO()
    with Workbook(file, {"constant_memory": True}) as workbook:
        money, plain = workbook.add_format({"num_format": "#,##0"}), workbook.add_format()
        cells = RecordCells({RecordKind.MONEY: money}, plain, plain)
        sheet = workbook.add_worksheet("Bảng", worksheet_class=RecordSheet)
        sheet.write_records(1, [[cells.header("Số tiền"), cells.header("Tên")]])
        sheet.write_records(2, [[cells.writing[RecordKind.MONEY](60_000_000), cells.writing[RecordKind.LABEL]("=1")]])
    return file


def test_worksheet_takes_whole_rows_into_the_file_of_its_rows(records: io.BytesIO) -> None:
    """A call for each cell takes several times as long."""
    said = changed("XlsxWriter", "row_data_fh or _check_dimensions", "reports/takeout/record_sheet.py")
    stored = sheet_of(records)
    assert '<dimension ref="A1:B2"/>' in stored and stored.count("<row ") == 2, said
    assert [[cell.value for cell in row] for row in load_workbook(records).active] == [
        ["Số tiền", "Tên"],
        [60_000_000, "=1"],
    ], said


def test_format_gives_the_number_by_which_cells_name_it(records: io.BytesIO) -> None:
    """Formats are numbered when cells are written, which is done here without XlsxWriter."""
    said = changed("XlsxWriter", "Format._get_xf_index", "reports/takeout/record_sheet.py")
    assert load_workbook(records).active["A2"].number_format == "#,##0", said
