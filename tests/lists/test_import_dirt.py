"""Dirty workbooks through the whole import: what is understood, what is told, and that what is written is valid."""

import pytest

from lianqiao.lists.models import Entry
from tests import factories as make
from tests.engine.sheets.workbooks import SAMPLES
from tests.lists.dirty_workbooks import DIRTY
from tests.lists.workbooks import carried_out, chain_with_words, checked, content_of, office

pytestmark = pytest.mark.sqlite_tells


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def chain(db):
    on = chain_with_words()
    for name in ("甲建筑公司", "乙公司"):
        make.member(on, name)
    make.unit(make.member(on, "云川大学", kind="school"), "装饰学院")
    return on


@pytest.mark.parametrize("dirty", DIRTY, ids=lambda dirty: dirty.title)
def test_dirty_workbook_is_told_and_taken_as_expected(chain, dirty):
    by = office(chain)

    imported = checked(dirty.content, by, chain, dirty.name)
    told = list(imported.problems.values_list("code", "refusing"))
    carried_out(imported, by)

    assert {code for code, refusing in told if refusing} == set(dirty.refused)
    assert set(dirty.told) <= {code for code, refusing in told if not refusing}
    entries = list(Entry.objects.order_by("pk"))
    assert len(entries) == dirty.entries
    assert {name: getattr(entries[0], name) for name in dirty.fields} == dirty.fields
    for entry in entries:
        entry.full_clean()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_workbook_of_another_office_becomes_valid_entries(chain, sample):
    by = office(chain)

    imported = carried_out(checked(content_of(sample.pages), by, chain), by)

    counts = imported.counts
    assert counts["rows"] == sample.lines
    assert Entry.objects.count() == counts["added"] == counts["new"] - counts["skipped"]
    for entry in Entry.objects.all():
        entry.full_clean()


def test_columns_of_all_workbooks_are_recognised_unaided(chain):
    by, said, met = office(chain), 0, 0

    for dirty in (one for one in DIRTY if one.keys):
        keys = [
            column[2] or "." for column in checked(dirty.content, by, chain, dirty.name).sheets[0]["columns"]
        ]
        said += len(keys)
        met += sum(key == wanted for key, wanted in zip(keys, dirty.keys.split(), strict=True))

    assert len(SAMPLES) + len(DIRTY) >= 40
    assert met / said >= 0.95
