import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao_engine.text.sounds import initials, pinyin, syllables


@pytest.mark.parametrize(
    ("text", "sounds", "first_letters"),
    [
        ("博智工程咨询有限公司", "bozhigongchengzixunyouxiangongsi", "bzgczxyxgs"),
        ("重庆重工", "chongqingzhonggong", "cqzg"),
        ("長沙銀行", "changshayinhang", "csyh"),
        ("朝阳区建筑行业", "chaoyangqujianzhuhangye", "cyqjzhy"),
        ("绿城（集团）", "lvchengjituan", "lcjt"),
        ("BIM 技术3号", "bimjishu3hao", "bimjs3h"),
        ("", "", ""),
    ],
)
def test_sounds_of_a_name_are_what_a_clerk_types(text, sounds, first_letters):
    assert (pinyin(text), initials(text)) == (sounds, first_letters)


def test_syllables_homophones_sound_the_same():
    assert {syllables(name) for name in ("启平", "起平", "齐平", "啟平")} == {("qi", "ping")}


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=30))
def test_syllables_any_hanzi_give_plain_letters(text):
    assert all(sound.isascii() and sound.isalpha() for sound in syllables(text) if not sound > "\u4e00")


@pytest.mark.parametrize(("char", "sound"), [("嵾", "cen"), ("幓", "shan")])
def test_syllables_read_what_simplifying_makes_rare(char, sound):
    assert syllables(char) == (sound,)
