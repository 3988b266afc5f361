import json

import pytest
from click.testing import CliRunner

from lianqiao.config.cli import main

OFFERS = [
    {"id": "b", "name": "工程造价", "courses": ["工程计价", "招投标"]},
    {"id": "a", "name": "工程造价", "courses": ["工程计价", "招投标"]},
    {"id": "c", "name": "中西面点", "remark": None},
]
NEEDS = [{"id": 7, "name": "造价员", "tasks": "编制工程量清单"}]


def lines_of(records) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


@pytest.fixture
def rank(tmp_path):
    def run(offers: str | bytes, needs: str | bytes = lines_of(NEEDS), *more: str):
        for name, content in (("offers.jsonl", offers), ("needs.jsonl", needs)):
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        arguments = ["--offers", tmp_path / "offers.jsonl", "--needs", tmp_path / "needs.jsonl"]
        result = CliRunner().invoke(
            main, ["rank", *map(str, arguments), "-o", str(tmp_path / "run.tsv"), *more]
        )
        run_file = tmp_path / "run.tsv"
        return result, run_file.read_text(encoding="utf-8") if run_file.exists() else None

    return run


def test_rank_writes_need_offer_rank_and_score_and_equal_ones_by_id(rank):
    result, written = rank(lines_of(OFFERS))

    rows = [line.split("\t") for line in written.splitlines()]
    assert result.exit_code == 0
    assert [row[:3] for row in rows] == [["7", "a", "1"], ["7", "b", "2"]]
    assert rows[0][3] == rows[1][3]
    assert float(rows[0][3]) > 0


def test_rank_gives_no_more_than_asked_for(rank):
    _, written = rank(lines_of(OFFERS), lines_of(NEEDS), "--top", "1")

    assert len(written.splitlines()) == 1


def test_rank_does_not_depend_on_the_order_of_the_offers(rank):
    assert rank(lines_of(OFFERS))[1] == rank(lines_of(OFFERS[::-1]))[1]


@pytest.mark.parametrize(
    ("offers", "told"),
    [
        ("\n", "offers.jsonl: the file holds no records"),
        ("{not json}\n", "offers.jsonl:1: this is no JSON object"),
        ("[1]\n", "offers.jsonl:1: this is no JSON object"),
        ('{"id": 1, "facets": ["云龙区"]}\n', "offers.jsonl:1: facets is an object"),
        ('{"id": "a"}\n{"id": "a"}\n', "offers.jsonl:2: this id stood on an earlier line (a)"),
        ('{"name": "无号"}\n', "offers.jsonl:1: the record has no id"),
        (
            '{"id": "a", "name": {"zh": "名"}}\n',
            "offers.jsonl:1: a field holds a text or a list of texts (name)",
        ),
        ('{"id": "a", "name": "造价"}\n'.encode("gb18030"), "offers.jsonl:1: the text is not UTF-8"),
        ("[" * 100_000 + "\n", "offers.jsonl:1: this is no JSON object"),
    ],
)
def test_rank_names_the_file_the_line_and_what_is_wrong(rank, offers, told):
    result, written = rank(offers)

    assert result.exit_code == 2
    assert told in result.output
    assert written is None


def test_rank_refuses_a_line_that_is_longer_than_a_record(rank, monkeypatch):
    monkeypatch.setattr("lianqiao_engine.records.LONGEST", 10)

    result, _ = rank(lines_of(OFFERS))

    assert "longer than a record may be" in result.output


def test_rank_that_breaks_off_leaves_the_earlier_run(rank, monkeypatch, tmp_path):
    _, before = rank(lines_of(OFFERS))

    def breaks_off(best, offers, needs, out):
        out.write_text("half")
        raise OSError(28, "No space left on device", str(out))

    monkeypatch.setattr("lianqiao_engine.commands.rank.write_run", breaks_off)
    result, after = rank(lines_of(OFFERS[:1]))

    assert result.exit_code == 2
    assert after == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["needs.jsonl", "offers.jsonl", "run.tsv"]


def test_rank_counts_shared_facets(rank):
    offers = [
        {"id": "a", "name": "工程造价", "facets": {"district": "泉山区"}},
        {"id": "b", "name": "工程造价", "facets": {"district": ["云龙区"]}},
    ]
    needs = [{"id": 1, "name": "造价员", "facets": {"district": "云龙区"}}]

    _, written = rank(lines_of(offers), lines_of(needs))

    assert [line.split("\t")[1] for line in written.splitlines()] == ["b", "a"]
