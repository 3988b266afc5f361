import pytest

from lianqiao_engine.lexicon import official_words
from lianqiao_engine.lexicon.everyday import EVERYDAY

# Words of every need and every rule: alone they would link everything with everything.
TOO_GENERAL = frozenset(
    """
    办法 问题 规定 情况 要求 怎么办 方法 事情 东西 处理 解决 帮忙 需要 可以 应当 依法 有关 相关 单位 部门 个人 内容 条件 标准
    管理 服务 工作 措施 制度 政策 法律 法规 条例 责任 权利 义务 行为 主体 当事人 项目 技术 企业 公司
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
LONGEST_LIST = 12


def lines() -> list[tuple[list[str], list[str]]]:
    written = EVERYDAY.read_text(encoding="utf-8").splitlines()
    columns = [line.split("\t") for line in written if not line.startswith("#")]
    assert [line for line in columns if len(line) != 2] == []
    return [(everyday.split(), official.split()) for everyday, official in columns]


def test_everyday_begins_with_the_names_of_its_columns():
    assert EVERYDAY.read_text(encoding="utf-8").splitlines()[0] == "# everyday words\tofficial words"


def test_everyday_covers_the_fields_of_life():
    assert len(lines()) >= 900


def test_lines_have_one_to_eight_words_a_side():
    assert [line for line in lines() if not all(1 <= len(side) <= 8 for side in line)] == []


def test_lines_hold_no_word_twice_on_a_side():
    assert [line for line in lines() if any(len(set(side)) < len(side) for side in line)] == []


def test_lines_hold_no_word_on_both_sides():
    assert [both for everyday, official in lines() if (both := set(everyday) & set(official))] == []


def test_words_are_neither_letters_nor_sentences():
    assert [word for everyday, _ in lines() for word in everyday if not 2 <= len(word) <= 6] == []
    assert [word for _, official in lines() for word in official if not 2 <= len(word) <= 14] == []


def test_words_that_fit_every_need_stand_on_no_side():
    assert {word for line in lines() for side in line for word in side} & TOO_GENERAL == set()


def test_official_words_are_read_the_most_usual_first():
    assert official_words()["房客"][0] == "承租人"
    assert official_words()["房东"][0] == "出租人"


def test_official_words_of_a_word_on_two_lines_are_merged_in_order(tmp_path, monkeypatch):
    two = tmp_path / "two.tsv"
    two.write_text("# a\tb\n婆家 老公\t配偶 夫妻\n老公\t夫妻 丈夫\n", encoding="utf-8")
    monkeypatch.setattr("lianqiao_engine.lexicon.everyday.EVERYDAY", two)

    assert official_words.__wrapped__() == {"婆家": ("配偶", "夫妻"), "老公": ("配偶", "夫妻", "丈夫")}


def test_official_words_stay_few_after_merging():
    assert {word: found for word, found in official_words().items() if len(found) > LONGEST_LIST} == {}


def test_official_words_cannot_be_changed_by_a_reader():
    with pytest.raises(TypeError):
        official_words()["房东"] = ()
