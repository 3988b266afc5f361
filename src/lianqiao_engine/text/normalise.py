"""One form of a text for comparing. Show people what they typed; compare what this returns."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from opencc import OpenCC

from .mojibake import WESTERN_RUN, WIDE_RUN, is_everyday, repair

# Full width is already undone by NFKC; these are the forms it keeps apart.
SIGNS = str.maketrans(
    {
        **dict.fromkeys("〔【[{﹝〖〘〚", "("),
        **dict.fromkeys("〕】]}﹞〗〙〛", ")"),
        **dict.fromkeys("“”„‟「」『』〝〞«»", '"'),
        **dict.fromkeys("‘’‚‛`´", "'"),
        **dict.fromkeys("‐‑‒–—―−─", "-"),
        **dict.fromkeys("•‧∙⋅・᛫", "·"),
        **dict.fromkeys("〈《", "<"),
        **dict.fromkeys("〉》", ">"),
        "。": ".",
        "、": ",",
    }
)
HANZI = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
PINYIN_IN_BRACKETS = re.compile(
    f"([{HANZI}])[(]([a-zɑɡüāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{{1,7}})[)]", re.IGNORECASE
)
INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160"
                       "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
                       "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]")  # fmt: skip
SPACES = re.compile(r"\s+")
LETTER = f"[^\\W{HANZI}]"
SPACE_BESIDE_HANZI = re.compile(f"(?<!{LETTER}) | (?!{LETTER})")
SURROGATE = re.compile("[\ud800-\udfff]")
UNREADABLE = re.compile("[\ufffd\ufffe\uffff\ue000-\uf8ff\ud800-\udfff\u0080-\u0084\u0086-\u009f"
                        "\U000f0000-\U0010ffff]|锟斤拷|锟斤|烫烫烫|屯屯屯")  # fmt: skip
# A whole name of hanzi with question marks where bytes were lost: 江苏??建筑, ????
LOST_IN_A_NAME = re.compile(f"[{HANZI}()（）]*(?:[?]{{2,}}[{HANZI}()（）]*)+")


@lru_cache(maxsize=4096)  # scored, then explained: the texts of a list come back
def normalise(text: str) -> str:
    """Return the comparable form of `text`; any string is accepted, and the result is a fixed point.

    Undone: certain mojibake, width and compatibility forms (NFKC), invisible and control characters, pinyin in
    brackets after its own character, traditional characters, kinds of brackets, quotes and dashes, case, and spaces
    except between two words of letters. Lone surrogates become U+FFFD.
    """
    # One undoing can uncover another (mojibake inside full width), so run to the fixed point; three rounds are rare.
    for _ in range(10):
        before, text = text, _once(text)
        if text == before:
            break
    return text


def looks_damaged(text: str) -> bool:
    """Whether `text` holds damage that nobody can undo for certain, so that it must be typed or copied again.

    Signs: U+FFFD, private use, surrogates and non-characters, C1 controls, the fillings of lost bytes (锟斤拷, ??),
    and mojibake that `repair` had to leave. Rare characters, names in other scripts and emoji are not damage.
    """
    repaired = repair(text)
    if UNREADABLE.search(repaired) or LOST_IN_A_NAME.fullmatch(repaired):
        return True
    return any(map(_is_half_utf8, WIDE_RUN.findall(repaired))) or any(
        map(_is_half_gbk, WESTERN_RUN.findall(repaired))
    )


def _once(text: str) -> str:
    text = unicodedata.normalize("NFKC", SURROGATE.sub("\ufffd", repair(text)))
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text).translate(SIGNS).casefold())
    text = PINYIN_IN_BRACKETS.sub(_without_its_reading, text)
    text = _to_simplified().convert(text)
    return SPACE_BESIDE_HANZI.sub("", SPACES.sub(" ", text)).strip()


def _without_its_reading(match: re.Match[str]) -> str:
    """`讓(ràng)` is 讓; `甲(jia)` without a tone may be a name and stays."""
    char, reading = match.group(1), match.group(2).replace("ɡ", "g").replace("ɑ", "a")
    return char if reading in _readings().get(ord(char), "").split(",") else match.group()


@cache
def _readings() -> Mapping[int, str]:
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - 0.2 s, for the few texts that have brackets

    return PINYIN_DICT


@cache
def _to_simplified() -> OpenCC:
    """Loading takes 30 ms, so it waits for the first text."""
    return OpenCC("t2s")


def _is_half_utf8(run: str) -> bool:
    """A run of GBK-like rarities whose bytes are nearly UTF-8, such as 姹熻嫃寤虹瓚 with a byte gone."""
    try:
        read = run.rstrip("?\ufffd").encode("gbk").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return False
    wide = [char for char in read if char >= "\u0800" and char != "\ufffd"]
    everyday = [char for char in wide if is_everyday(char)]
    rare = sum(not is_everyday(char) for char in run)
    return len(everyday) >= 2 and len(everyday) * 3 >= len(read) * 2 and rare * 3 >= len(run)


def _is_half_gbk(run: str) -> bool:
    """A long run of accented letters mixed with signs, which no language writes: ½­ËÕÊ¡."""
    letters = sum(char.isalpha() for char in run)
    signs = sum("\u00a1" <= char <= "\u00bf" for char in run)
    return len(run) >= 4 and letters >= 2 and signs >= 1
