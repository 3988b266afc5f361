"""Write values in Chinese, for tests that read them back."""

from datetime import date

DIGITS = "零一二三四五六七八九"


def number(value: int) -> str:
    """Write a whole number below 10^16 as it is spoken: 350600 is 三十五万零六百."""
    if value < 10:
        return DIGITS[value]
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if value >= size:
            times, rest = divmod(value, size)
            head = "" if size == 10 and times == 1 else number(times)
            zero = "零" if rest and rest < size // 10 else ""
            # 一百一十, not 一百十
            tail = ("一" if 10 <= rest < 20 else "") + number(rest) if rest else ""
            return head + unit + zero + tail
    raise AssertionError(value)


def year(value: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value))


def day(value: date) -> str:
    return f"{year(value.year)}年{number(value.month)}月{number(value.day)}日"
