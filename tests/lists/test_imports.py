"""A workbook becomes entries: checked without writing, all rows or none, and taken back."""

from datetime import date
from decimal import Decimal

import pytest

from lianqiao.core.audit import verify
from lianqiao.core.models import AuditEntry
from lianqiao.lists.imports.actions.undoing import undo_import
from lianqiao.lists.models import Entry, Import
from tests import factories as make
from tests.lists.workbooks import carried_out, chain_with_words, checked, needs, no_step, office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA = tmp_path


GOOD = "1|甲建筑公司|施工|技术|幕墙检测新技术，覆盖 3 个项目。|紧急|2027年3月31日|联合攻关|35.6万元、3人|张三|13800000000|座谈"


def test_import_check_counts_rows_and_writes_no_entry():
    on = chain_with_words()
    make.member(on, "甲建筑公司")

    imported = checked(needs(GOOD, "2|乙公司|施工|技术|BIM|||||||"), office(on), on)

    assert imported.state == Import.State.CHECKED
    assert imported.counts == {
        "rows": 2, "new": 2, "update": 0, "same": 0, "refused": 0, "remarked": 1, "drafts": 1, "twins": 0,
        "problems": 1,
    }  # fmt: skip
    assert [(name.name, name.how) for name in imported.names.all()] == [
        ("甲建筑公司", "certain"),
        ("乙公司", "unknown"),
    ]
    assert Entry.objects.count() == 0


def test_import_check_remarks_a_day_that_is_over_and_a_range_by_cell_and_takes_the_row():
    on = chain_with_words()
    make.member(on, "甲建筑公司")
    past = "1|甲建筑公司|施工|技术|幕墙检测新技术。|紧急|2024年3月31日|联合攻关|15-20万元、5~8人|张三||座谈"
    even = "2|甲建筑公司|施工|技术|起重机械检测。|紧急|2099年3月31日|联合攻关|15-15万元|张三||座谈"

    by = office(on)
    imported = carried_out(checked(needs(past, even), by, on), by)

    assert sorted(imported.problems.values_list("cell", "code", "value")) == [
        ("G2", "past", "2024-03-31"),
        ("I2", "range", "15-20万元、5~8人"),
    ]
    assert [(e.due_on, e.money, e.people) for e in Entry.objects.order_by("number")] == [
        (date(2024, 3, 31), Decimal("200000.00"), 8),
        (date(2099, 3, 31), Decimal("150000.00"), None),
    ]


def test_import_entries_makes_each_row_an_entry_with_every_cell_in_its_field():
    on = chain_with_words()
    asker = make.member(on, "甲建筑公司")
    by = office(on)

    imported = carried_out(checked(needs(GOOD), by, on), by)

    entry = Entry.objects.get()
    facts = {
        "title": "幕墙检测新技术，覆盖 3 个项目", "organisation": asker, "state": "submitted", "number": 1,
        "urgency": "high", "due_on": date(2027, 3, 31), "cooperation": "联合攻关", "money": Decimal("356000.00"),
        "people": 3, "contact_name": "张三", "contact_phone": "13800000000", "source": "roundtable",
        "source_note": "需求清单!2", "description": "幕墙检测新技术，覆盖 3 个项目。", "registered_by_id": by.organisation_id,
    }  # fmt: skip
    assert {name: getattr(entry, name) for name in facts} == facts
    assert (entry.category.name, entry.segment.name) == ("技术", "施工")
    entry.full_clean()
    assert (imported.state, imported.counts["added"]) == ("done", 1)


def test_import_entries_records_each_row_and_the_import_and_the_trail_stays_whole():
    on = chain_with_words()
    make.member(on, "甲建筑公司")
    by = office(on)

    carried_out(checked(needs(GOOD, GOOD.replace("幕墙检测", "装配式")), by, on), by)

    told = list(AuditEntry.objects.order_by("id").values_list("action", "subject_type"))
    assert told[-3:] == [("lists.add_entry", "lists.entry")] * 2 + [("lists.import_entries", "lists.import")]
    assert verify().is_whole


def test_import_entries_are_found_by_the_same_terms_as_those_written_by_hand():
    on = chain_with_words()
    make.member(on, "甲建筑公司")
    by = office(on)
    carried_out(checked(needs(GOOD), by, on), by)
    entry = Entry.objects.get()
    before = entry.search_text

    entry.save()

    assert entry.search_text == before


def test_undo_import_takes_back_what_nobody_touched_and_keeps_the_rest():
    on = chain_with_words()
    make.member(on, "甲建筑公司")
    by = office(on)
    imported = carried_out(checked(needs(GOOD, GOOD.replace("幕墙检测", "装配式")), by, on), by)
    first = Entry.objects.order_by("pk").first()
    Entry.objects.filter(pk=first.pk).update(version=1)

    result = undo_import(imported, by=by, step=no_step)

    assert result == {"taken_back": 1, "kept": 1}
    assert list(Entry.objects.all()) == [first]
    assert Import.objects.get().state == "undone"
    assert verify().is_whole
