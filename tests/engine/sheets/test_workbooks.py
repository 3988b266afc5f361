import pytest

from lianqiao_engine.sheets import read_lists

from .test_reader import TODAY
from .workbooks import SAMPLES, write


def read(sample, folder):
    return read_lists(write(folder / "lists.xlsx", sample.pages), today=TODAY)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_workbook_of_another_office_gives_its_lines(sample, tmp_path):
    lists = read(sample, tmp_path)

    assert [sheet.kind for sheet in lists.sheets] == list(sample.kinds)
    assert len(lists.lines) == sample.lines


def test_nineteen_of_twenty_columns_are_recognised_unaided(tmp_path):
    wanted = [key for sample in SAMPLES for page in sample.pages for key in page.keys.split() if key != "."]
    missed = []
    for sample in SAMPLES:
        sheets = {sheet.name: sheet for sheet in reversed(read(sample, tmp_path).sheets)}
        for page in sample.pages:
            found = [column.key for column in sheets[page.name].columns] if page.keys else []
            expected = page.keys.split()
            found += [None] * (len(expected) - len(found))
            missed += [
                (sample.title, key, got)
                for key, got in zip(expected, found, strict=True)
                if key not in (".", got)
            ]
    print(len(wanted), missed)
    assert len(SAMPLES) >= 20
    assert len(missed) * 20 <= len(wanted), missed
