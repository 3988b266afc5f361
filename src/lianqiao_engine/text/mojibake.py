"""Undo text that was decoded with the wrong encoding, where only one reading is possible.

The method is that of ftfy (R. Speer, 2019): encode back with the wrong encoding, decode strictly with the right
one, and accept only what chance cannot produce. Four mistakes are known here:

- UTF-8 read as Latin-1 / Windows-1252: ``æ±Ÿè‹`` for 江苏
- UTF-8 read as GBK: ``姹熻嫃`` for 江苏
- GBK read as Latin-1 / Windows-1252: ``½­ËÕ`` for 江苏
- GBK that lost one byte, so that every pair after it is shifted: ``?！苯\\ue145K`` for 。”江蘇
"""

import re

CP1252 = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)}
BYTE_OF = {char: byte for byte, char in CP1252.items()} | {chr(byte): byte for byte in range(0x80, 0x100)}
WESTERN = "".join(sorted(re.escape(char) for char in BYTE_OF))
WESTERN_RUN = re.compile(f"[{WESTERN}]{{2,}}")
# Quotes, dashes, dots: bytes that stand beside an accented letter in honest text too (“café”…).
TYPOGRAPHIC = frozenset("‘’“”…–—·•")
WIDE = "\u00a4-\uffee"
WIDE_RUN = re.compile(f"[{WIDE}]{{2,}}[?\ufffd]?")
# What the first two of three bytes of UTF-8 are in GBK: only a run that begins so can be a misread one.
BEGINS = "".join(
    bytes([lead, second]).decode("gb18030") for lead in range(0xE0, 0xF0) for second in range(0x80, 0xC0)
)
MISREAD_RUN = re.compile(f"[{BEGINS}](?<![{WIDE}][{BEGINS}])[{WIDE}]+[?\ufffd]?")
SHIFTED_RUN = re.compile("\\?!?[\u00a4-\uffee]*[\ue000-\uf8ff][\u00a4-\uffee]*[@-Z\\[-~]?")


def repair(text: str) -> str:
    """Return `text` with every certain mojibake undone and everything else as it was; never raises."""
    text = WESTERN_RUN.sub(_western, text)
    text = MISREAD_RUN.sub(_utf8_read_as_gbk, text)
    return SHIFTED_RUN.sub(_shifted_gbk, text)


def is_everyday(char: str) -> bool:
    """Whether GB 2312 has the character: the 6,763 hanzi and the signs that ordinary text is made of."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _western(match: re.Match[str]) -> str:
    run = match.group()
    raw = bytes(BYTE_OF[char] for char in run)
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _gbk_read_as_western(run, raw)
    # One accented capital and a quote also form a valid pair; only Ã and Â begin a misread é or °.
    if all(ord(char) < 0x100 for char in decoded):
        return decoded if raw[0] in (0xC2, 0xC3) else run
    lone = len(decoded) == 1 and all(char in TYPOGRAPHIC for char in run[1:])
    return run if lone or min(map(ord, decoded)) < 0x80 or max(map(ord, decoded)) < 0x800 else decoded


def _gbk_read_as_western(run: str, raw: bytes) -> str:
    # ×××× stands for a name left out and éé… for a word; a misread name mixes letters of both cases.
    if len(raw) < 4 or run.islower() or sum(char.isalpha() for char in set(run)) < 2:
        return run
    try:
        decoded = raw.decode("gb2312")
    except UnicodeDecodeError:
        return run
    frequent = sum(0xB0 <= lead <= 0xD7 for lead in raw[::2])
    return decoded if frequent * 3 >= len(decoded) * 2 else run


def _utf8_read_as_gbk(match: re.Match[str]) -> str:
    run = match.group()
    lost = run[-1] in "?\ufffd"
    try:
        raw = run.rstrip("?\ufffd").encode("gb18030")
        # The last of three bytes had no partner and became a question mark: the characters before it are certain.
        decoded = raw[: len(raw) // 3 * 3].decode("utf-8") if lost else raw.decode("utf-8")
    except UnicodeError:
        return run
    if len(decoded) < 2 or not all(ord(char) >= 0x800 and is_everyday(char) for char in decoded):
        return run
    # Two everyday characters can only come from three characters of which one is rare, or there are many.
    if len(decoded) < 4 and all(map(is_everyday, run.rstrip("?\ufffd"))):
        return run
    if not lost:
        return decoded
    return decoded + ("\ufffd" if len(raw) % 3 else run[-1])


def _shifted_gbk(match: re.Match[str]) -> str:
    run = match.group()
    try:
        # Clean-ups that narrow punctuation turn the ！ of such a run into its ASCII form.
        raw = run[1:].replace("!", "！").encode("gb18030")
    except UnicodeEncodeError:
        return run
    try:
        # The lost lead byte can only be that of the punctuation row when a closing quote follows it.
        decoded = (b"\xa1" + raw).decode("gbk")
    except UnicodeDecodeError:
        return run
    closing = decoded[0] in "。，、；：" and decoded[1:2] in ("”", "’", "」", "』", "》", "）")
    return decoded if closing and all(_is_hanzi(char) for char in decoded[2:]) else run


def _is_hanzi(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
