"""How Chinese text sounds, without tones: for search by pinyin or initials, and for names that sound alike."""

from collections import defaultdict
from functools import cache
from pathlib import Path

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from .normalise import normalise

# Place and office words that the phrase dictionary reads otherwise or lacks: word, syllables.
READINGS = Path(__file__).with_name("readings.tsv")
# The table reads 嵾 and 幓, but not what they become in simplified characters.
SIMPLIFIED = {"㟥": "cen", "㡎": "shan"}


def syllables(text: str) -> tuple[str, ...]:
    """Return one syllable for each hanzi of the normalised text, and each run of letters and digits whole.

    Readings follow the longest known phrase from the left (重庆 chong qing, 重工 zhong gong), else the most
    frequent reading of the character; ü is written v. Signs are left out.
    """
    return tuple(sound for _, sound in _sounded(normalise(text)))


def pinyin(text: str) -> str:
    """Return the syllables written together: 重庆银行 -> chongqingyinhang."""
    return "".join(syllables(text))


def initials(text: str) -> str:
    """Return the first letter of each syllable; letters and digits stay whole: 博智BIM咨询 -> bzbimzx."""
    return "".join(sound[0] if hanzi else sound for hanzi, sound in _sounded(normalise(text)))


def sound_of(char: str) -> str:
    """Return the most frequent syllable of one character, or the character itself: for comparing one by one."""
    return _character_readings().get(char, char)


def _sounded(text: str) -> list[tuple[bool, str]]:
    characters, (phrases, lengths) = _character_readings(), _phrase_readings()
    sounds: list[tuple[bool, str]] = []
    word, at = "", 0
    while at < len(text):
        if text[at] not in characters:
            if text[at].isalnum():
                word += text[at]
            elif word:
                sounds.append((False, word))
                word = ""
            at += 1
            continue
        if word:
            sounds.append((False, word))
            word = ""
        for length in lengths.get(text[at : at + 2], ()):
            if reading := phrases.get(text[at : at + length]):
                sounds.extend((True, sound) for sound in reading)
                at += length
                break
        else:
            sounds.append((True, characters[text[at]]))
            at += 1
    return [*sounds, (False, word)] if word else sounds


@cache
def _character_readings() -> dict[str, str]:
    return {
        chr(code): _toneless(readings.split(",", 1)[0])
        for code, readings in PINYIN_DICT.items()
        if code > 0x3400
    } | SIMPLIFIED


@cache
def _phrase_readings() -> tuple[dict[str, list[str]], dict[str, list[int]]]:
    """The phrases, and for their first two characters the lengths to try, longest first."""
    phrases = {
        phrase: [_toneless(reading[0]) for reading in readings]
        for phrase, readings in PHRASES_DICT.items()
        if len(readings) == len(phrase)
    }
    for line in READINGS.read_text(encoding="utf-8").splitlines():
        word, reading = line.split("\t")
        phrases[word] = reading.split()
    lengths = defaultdict(set)
    for phrase in phrases:
        lengths[phrase[:2]].add(len(phrase))
    return phrases, {first: sorted(found, reverse=True) for first, found in lengths.items()}


@cache
def _toneless(reading: str) -> str:
    return to_normal(reading).replace("ü", "v").replace("ê", "e")
