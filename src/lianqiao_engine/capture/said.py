"""Dates and amounts where they stand in a sentence, read as the lists read them."""

import re
from datetime import date, timedelta

from lianqiao_engine.values import Amount, Period, Refused, read_amount, read_money, read_period

DIGIT = "[0-9〇零一二两三四五六七八九十]"
YEAR = rf"(?:{DIGIT}{{4}}年|今年|明年|去年|本年)"
DAY = rf"(?:{YEAR}?{DIGIT}{{1,3}}月(?:份|{DIGIT}{{1,3}}[日号]|[上中下]旬|底|初|末)?|{YEAR}(?:[上下]半年|第[一二三四1-4]季度|年底|年初|底|初)?|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|(?:本|下个?|上个?)月(?:底|初|末|{DIGIT}{{1,3}}[日号])?|(?:今年|明年)?(?:年底|年内|年初|[上下]半年|第[一二三四1-4]季度))"
SPAN = re.compile(
    rf"{DAY}(?:（[^）]{{2,3}}）)?(?:[至到~—-]+(?:次年)?(?:{DAY}|{DIGIT}{{1,3}}[日号]))?(?:之前|以前|前|之后|以后|起|内)?"
)
BARE_DAY = re.compile(rf"(?<![月\d]){DIGIT}{{1,3}}日(?=[，上下晚，、]|举|召|在)")
WEEKDAY = re.compile("(上|本|这|下)?(?:周|星期|礼拜)([一二三四五六日天])")
RECURRING = re.compile(
    "每(?:个)?(?:周|星期|礼拜)|(?:周|星期)[一二三四五六日天](?:[、和]|至|到)(?:周|星期)?[一二三四五六日天]"
)
NEAR = {"今天": 0, "今日": 0, "今晚": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "明日": 1, "后天": 2}
NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十百千][一二两三四五六七八九十百千万亿零]{0,11})"
MONEY = re.compile(
    rf"(?:约|不超过|不少于|近|最高)?{NUMBER}(?:[—~-]{NUMBER})?(?:多|余)?[百千万亿]*(?:多|余)?元(?:左右|以上|以内)?"
)
COUNT = re.compile(
    rf"(?:约|大约|不超过|不少于|至少|近)?{NUMBER}(?:[—~-]{NUMBER}|到{NUMBER})?(?:多|余|来)?(?:人次|名|人|位|个|台|套|家|场|次|间|辆|块|份|批|条|期|门|项|吨|件|平方米|亩|课时)(?:左右|以上|以内)?(?!月|小时|工作日|方面|阶段|环节|平台|部门)"
)


def amounts_in(words: str) -> tuple[Amount, ...]:
    """Every sum of money and every count, in their order."""
    found: list[tuple[int, Amount]] = []
    money = list(MONEY.finditer(words))
    for match in money:
        amount = read_money(match.group())
        if isinstance(amount, Amount):
            found.append((match.start(), amount))
    for match in COUNT.finditer(words):
        if any(one.start() <= match.start() < one.end() for one in money):
            continue
        amount = read_amount(match.group())
        if isinstance(amount, Amount) and amount.unit:
            found.append((match.start(), amount))
    return tuple(amount for _, amount in sorted(found, key=lambda item: item[0]))


def period_in(words: str, today: date, *, months_back: int) -> Period | None:
    """The first day or period that the words say, with the year it must have; None if there is none."""
    found: list[tuple[int, Period]] = []
    for match in SPAN.finditer(words):
        period = read_period(re.sub(r"（[^）]*）", "", match.group()), today=today, months_back=months_back)
        if isinstance(period, Period) and (period.first or period.last):
            found.append((match.start(), period))
            break
    for word, days in NEAR.items():
        if (at := words.find(word)) >= 0:
            found.append((at, Period.of_day(today + timedelta(days))))
    if (week := WEEKDAY.search(words)) and not RECURRING.search(words):
        found.append((week.start(), Period.of_day(_weekday(week, today))))
    if not found and (bare := BARE_DAY.search(words)):
        day = read_period(f"{today.month}月{bare.group()}", today=today, months_back=months_back)
        if isinstance(day, Period):
            return day
    return min(found, key=lambda item: item[0])[1] if found else None


def _weekday(match: re.Match[str], today: date) -> date:
    weeks = {"上": -1, "下": 1}.get(match[1] or "", 0)
    number = "一二三四五六日".index(match[2].replace("天", "日"))
    return today + timedelta(days=number - today.weekday() + 7 * weeks)


MONTH = re.compile(r"(20\d{2})年(\d{1,2})月")
# What lasts until a day, or is due before it, is no day of the text itself.
UNTIL = re.compile(r"(?:至|到|截止|截至)\s*$")
DATED = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
WRITTEN = re.compile(
    r"[二][〇○零][〇○零一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)


def day_of(text: str, today: date) -> date:
    """The day of the text itself: that of its date line or signature, else the latest full date, else `today`."""
    lines = [line.strip() for line in text.splitlines()]
    marked = [line for line in lines if re.search("来源|发布|编辑|日期|时间", line) or len(line) <= 40]
    for group in (marked, lines):
        days = [day for line in group for day in _full_days(line)]
        if days:
            # A notice is signed below and speaks of days to come; a report's own date is the first it shows.
            return days[0]
    # 工作日志（2025年3月）
    month = MONTH.search("\n".join(lines[:3]))
    return date(int(month[1]), int(month[2]), 1) if month and int(month[2]) in range(1, 13) else today


def _full_days(line: str) -> list[date]:
    days = []
    for match in [*DATED.finditer(line), *WRITTEN.finditer(line)]:
        if UNTIL.search(line[: match.start()]) or line.startswith(("前", "之前", "止"), match.end()):
            continue
        period = read_period(match.group().replace(" ", ""), today=date(2000, 1, 1))
        if not isinstance(period, Refused) and period and period.day:
            days.append(period.day)
    return days
