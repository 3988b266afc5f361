"""The same Excel out: what an export says, written in again untouched, changes nothing; a touched cell changes its field."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.lists.imports import layout, wording
from lianqiao.lists.imports.reading import named
from lianqiao.lists.imports.writing import lists_workbook
from lianqiao.lists.models import Entry
from tests import factories as make
from tests.lists.workbooks import book, carried_out, chain_with_words, checked, office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA = tmp_path


def full_entries(on) -> list[Entry]:
    """One of each kind with everything that a form can say, and one with nothing more than it must."""
    school = make.member(on, "云川建筑学院", kind="school")
    college = make.unit(school, "装饰学院")
    category = {row.kind: row for row in on.categories.order_by("-pk")}
    said = {
        "description": "幕墙检测，\n覆盖三个项目。\n适用对象：装饰企业\n时限：3 个工作日",
        "source_sentence": "备注：=1+1 不是公式\n满意度：很好",
        "conditions": "免费", "cooperation": "联合攻关", "contact_name": "张三", "contact_phone": "0516-83995000",
        "contact_email": "z@example.org", "place": "云川区 建设路 1 号", "money": Decimal("356000.01"), "people": 3,
        "starts_on": date(2026, 9, 1), "ends_on": date(2027, 12, 31), "due_on": date(2027, 6, 30),
        "capacity": 12, "urgency": "high", "organisation": school, "source": "visit",
    }  # fmt: skip
    return [
        make.entry(
            "need", on, category=category["need"], segment=on.segments.first(), title="要一位教师", **said
        ),
        make.entry("resource", on, category=category["resource"], unit=college, title="+幕墙实训室", **said),
        make.entry("service", on, title="＝专场招聘", **said),
        make.entry("need", on, title="只有名称"),
        make.entry("need", on, title="@第一句", description="@第一句。第二句\t；第三句", organisation=school),
    ]


def test_lists_export_written_in_again_changes_nothing(login):
    on = chain_with_words()
    entries = full_entries(on)
    client, by = login(make.position(Role.OFFICE_STAFF, on)), office(on)
    before = list(Entry.objects.order_by("pk").values())

    given_out = client.get(reverse("lists_export"), {"state": "all"}).content
    imported = checked(given_out, by, on)
    audit = AuditEntry.objects.count()
    carried_out(imported, by)

    assert imported.counts | {"problems": 0} == dict.fromkeys(imported.counts, 0) | {
        "rows": len(entries), "same": len(entries)
    }  # fmt: skip
    assert list(Entry.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.count() == audit + 1


def test_lists_export_with_touched_cells_changes_those_fields_alone():
    on = chain_with_words()
    entry, *_others = full_entries(on)
    by = office(on)
    content = retyped(
        lists_workbook([entry]), {"联系人": "李四", "满意度": "一般", "可投入(万元/人)": "40万元"}
    )

    imported = carried_out(checked(content, by, on), by)

    fresh = Entry.objects.get(pk=entry.pk)
    assert imported.counts["updated"] == 1
    changed = {"contact_name": "李四", "money": Decimal(400000), "people": None,
               "source_sentence": "满意度：一般\n备注：=1+1 不是公式"}  # fmt: skip
    left = {"version", "changed_at", "search_text", *changed}
    assert {name: getattr(fresh, name) for name in changed} == changed
    assert [f.attname for f in Entry._meta.concrete_fields
            if f.attname not in left and getattr(fresh, f.attname) != getattr(entry, f.attname)] == []  # fmt: skip


def test_lists_export_of_an_entry_changed_since_is_refused_for_that_row():
    on = chain_with_words()
    entry, *_others = full_entries(on)
    by = office(on)
    content = retyped(lists_workbook([entry]), {"联系人": "李四"})
    Entry.objects.filter(pk=entry.pk).update(version=entry.version + 1)

    imported = checked(content, by, on)

    assert imported.counts["refused"] == 1
    assert [one.code for one in imported.problems.filter(refusing=True)] == ["changed since"]


def test_lists_export_shows_each_reader_what_they_may_read_and_writes_no_formula(login):
    on = chain_with_words()
    full_entries(on)
    other = login(make.position(Role.ENTERPRISE_CONTACT, on))

    sheets = book(other.get(reverse("lists_export")).content)

    cells = {str(cell) for _, rows in sheets for row in rows for cell in row}
    assert not {"张三", "0516-83995000", "z@example.org", "很好"} & cells
    assert "＝专场招聘" in cells


def test_import_template_is_read_without_a_doubt(login):
    on = chain_with_words()
    client, by = login(make.position(Role.OFFICE_STAFF, on)), office(on)

    imported = checked(client.get(reverse("import_template")).content, by, on)

    told = {
        sheet["name"]: {column[3] for column in sheet["columns"]}
        for sheet in imported.sheets
        if sheet["columns"]
    }
    assert set(told) == {name for name, _ in layout.SHEETS.values()}
    assert all(min(certainty) >= 0.9 for certainty in told.values())
    assert (imported.counts["rows"], imported.counts["problems"]) == (0, 0)


@given(
    content=st.text(alphabet="甲乙：\n。a1 ", max_size=30).map(str.strip),
    said=st.dictionaries(
        st.sampled_from(sorted(wording.PUBLIC)), st.text(alphabet="丙：丁1 ", min_size=1, max_size=9)
    ),
)
@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
def test_wording_taken_apart_and_put_together_is_what_it_was(content, said):
    text = wording.composed(content, wording.labelled(said, wording.PUBLIC))

    apart, lines = wording.apart(text, wording.PUBLIC)

    assert wording.composed(apart, wording.labelled(lines, wording.PUBLIC)) == text


def test_file_name_of_an_upload_keeps_no_path():
    assert [named(name) for name in ("../../a.xlsx", "C:\\x\\b.csv", ".x", "\0")] == [
        "a.xlsx",
        "b.csv",
        "x",
        "sheet",
    ]


def retyped(content: bytes, cells: dict[str, str]) -> bytes:
    """The workbook as somebody saves it after typing into the first row below the heads."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as out:
        day = out.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in book(content):
            page = out.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    value = cells.get(rows[0][c], cell) if r == 1 else cell
                    if isinstance(value, date):
                        page.write_datetime(r, c, value, day)
                    elif isinstance(value, str):
                        page.write_string(r, c, value)
                    else:
                        page.write(r, c, value)
    return stream.getvalue()
