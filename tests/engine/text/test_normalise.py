import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao_engine.text.normalise import looks_damaged, normalise

ANY_TEXT = st.text() | st.text("江苏建築產(chǎnⅷ）？?！\ue145 \u200b\ufffdＡé½­ËÕ姹熻嫃㈱", max_size=20)
UNICODE_WITH_SURROGATES = st.text(st.characters())


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("江蘇建築職業技術學院", "江苏建筑职业技术学院"),
        ("江蘇建筑職業(yè)技術(shù)學(xué)院", "江苏建筑职业技术学院"),
        ("讓（ràng）城市", "让城市"),
        ("艾(ai)科技", "艾(ai)科技"),
        ("圍繞合作共贏?!苯\ue145K建筑職業(yè)技術(shù)學(xué)院", '围绕合作共赢."江苏建筑职业技术学院'),
        ("徐州博智（集团）【筹】", "徐州博智(集团)(筹)"),
        ("ＢＩＭ　技术 中心", "bim技术中心"),
        ("  China \t Unicom（HK）", "china unicom(hk)"),
        ("云\u200b川\u202e宏\u00ad达\ufeff\x07", "云川宏达"),
        ("“匠心”—讲坛", '"匠心"-讲坛'),
        ("𠮷野家", "𠮷野家"),
        ("", ""),
    ],
)
def test_normalise_variant_becomes_the_comparable_form(typed, compared):
    assert normalise(typed) == compared


@pytest.mark.parametrize("name", ["江苏博智工程咨询有限公司", "徐州宏远", "云龙区建筑行业产业链"])
@pytest.mark.parametrize(
    ("written", "read"), [("utf-8", "latin-1"), ("gb18030", "latin-1"), ("gb18030", "cp1252")]
)
def test_normalise_text_read_with_a_western_encoding_is_repaired(name, written, read):
    damaged = name.encode(written).decode(read)

    assert (normalise(damaged), looks_damaged(damaged)) == (name, False)


def test_normalise_utf8_read_as_gbk_is_repaired_where_no_byte_was_lost():
    assert normalise("江苏建筑".encode().decode("gbk")) == "江苏建筑"


def test_normalise_utf8_read_as_gbk_with_the_last_byte_lost_keeps_the_mark_of_damage():
    damaged = "江苏建".encode().decode("gbk", "replace")

    assert (normalise(damaged), looks_damaged(damaged)) == ("江苏\ufffd", True)


@pytest.mark.parametrize(
    "text",
    [
        "“café”…",
        "CAFÉ”",
        "××××公司",
        "联通",
        "ÄÖÜäöü",
        "张三丰·Müller",
        "为什么?? 不, 请再说一次",
        "鲲鹏",
        "São João",
        "−5 °C…",
        "上海🏗️",
    ],
)
def test_honest_text_that_resembles_mojibake_is_not_called_damaged(text):
    assert looks_damaged(text) is False


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("ÄÖÜäöü São", "äöüäöü são"),
        ("“café”…", '"café"...'),
        ("××××公司", "××××公司"),
        ("联通", "联通"),
        ("鲲鹏", "鲲鹏"),
    ],
)
def test_normalise_honest_text_that_resembles_mojibake_is_not_repaired(text, compared):
    assert normalise(text) == compared


@pytest.mark.parametrize(
    "text",
    [
        "江苏\ufffd建筑",
        "江\ue001苏",
        "\ud800",
        "锟斤拷江苏",
        "江苏??建筑",
        "????",
        "½\xadËÕÊ¡\xbd",
        "江\x85苏\x90",
    ],
)
def test_looks_damaged_text_that_nobody_can_restore_is_refused(text):
    assert looks_damaged(text) is True


@given(ANY_TEXT | UNICODE_WITH_SURROGATES)
def test_normalise_any_text_gives_a_fixed_point(text):
    once = normalise(text)

    assert normalise(once) == once


@given(UNICODE_WITH_SURROGATES)
def test_looks_damaged_any_text_is_answered(text):
    assert looks_damaged(text) in (True, False)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=30))
def test_normalise_any_hanzi_keeps_their_number(text):
    assert "\ufffd" not in normalise(text)
