"""What took or takes place: its kind, day, place and who took part."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from lianqiao_engine.values import Period

from .layout import Line
from .lexicon import patterns_of
from .model import Activity
from .organisations import Directory
from .reading import Reading
from .said import period_in
from .sentences import Sentence

HELD = re.compile(
    r"(?:会议|活动)?(?:地点|时间)(?:定?在|设在|为|是)|(?<=[\u4e00-\u9fff\d])办(?![公事理法])|(?<=[\u4e00-\u9fff\d])开(?![展放发始设辟通拓创])|设立|坐诊|举行|举办|召开|开展|开幕|启动|启幕|进行|召集|承办|主办|组织(?!部|建设|生活|保障|优势|共建)|走访|赴|来到|参观|座谈|签约|签署|签订"
)
PLACE_BEFORE = re.compile(
    r"(?:地点(?:设?在|为|是)|在|于(?![\d今明本下])|走进|来到|赴|前往)(?P<place>(?:[^，。；、“”]{2,30}?))(?=隆重|顺利|成功|正式|联合|共同|圆满|如期|拉开|设立|坐诊|举行|举办|召开|开展|开幕|启动|启幕|进行|组织|座谈|签约|签署|集中|参观|走访|调研|办(?![公事理])|开(?![展放发始设])|，|。|$)"
)
NO_PLACE = re.compile(
    r"^(?:会上|此|会议|活动|座谈|组织|方面|接下来|下一步|今后|现场|全|建|产业|服务|教学|企业转型|新质|专业|基础|领域|(?:\d|[一二三四五六七八九十]{1,3}[月日年])|[^，]{0,12}(?:方面|上$|中$|下$|过程|时$|期间|基础|领域|日$|月$|年$|前$|后$|之际|引领))"
)
PLACE_LIKE = re.compile(
    "(?:馆|园|中心|室|厅|楼|广场|酒店|公司|学院|大学|学校|中学|小学|校区|基地|会场|礼堂|场|村|社区|街道|厂|车间|院|港|城|宫|站|局|处|所|区|层|座|阵地|商会|协会|工地|现场|剧院|会所|宾馆|度假村|平台|小镇|楼宇|大厦)(?:[\\d一二三四五六七八九十A-Z]*(?:号|楼|层|室|厅|馆|区)*)$"
)
WHEN = re.compile("时间|日期")
WHERE = re.compile("地点|地址")
ATTENDED = re.compile("参会|参加|出席|列席|与会|走访|人员|单位")
NAMED = re.compile(
    r"[“《]?[\u4e00-\u9fffA-Za-z0-9“”《》·\-—“”]{2,48}?(?:座谈会|座谈交流|交流会|签约仪式|对接会|招聘会|双选会|讲座|讲坛|论坛|沙龙|共建活动|对接活动|主题党日|党日活动|培训班|推介会|洽谈会|研讨会|推进会|例会|联席会议|专题会议|会议|大赛|竞赛|比赛|启动仪式|揭牌仪式|见面会|恳谈会|宣讲会|博览会|展会|走访|调研|培训|座谈|考察|活动)"
)
PLANNED = re.compile(
    "将(?:于|在)|拟于|定于|计划于|预计|即将|(?:本|下)周|明天|下月|拟在|安排在|于[^，。]{2,14}(?:前|举办)"
)


@dataclass(frozen=True)
class _Record:
    """What the heads of minutes and notices say: 时间, 地点, 参会人员."""

    period: Period | None
    place: str
    participants: tuple[str, ...]
    line: Line | None


def activities_of(
    reading: Reading, lines: Sequence[Line], sentences: Sequence[Sentence], directory: Directory, today: date
) -> list[Activity]:
    found = [
        activity
        for sentence in sentences
        if (activity := _of_sentence(reading, sentence, directory, today)) is not None
    ]
    record = _record(reading.text, lines, directory, today)
    if record.line and (record.period or record.place):
        found.insert(0, _of_record(reading, lines, record, directory))
    return _merged(found)


def _of_sentence(reading: Reading, sentence: Sentence, directory: Directory, today: date) -> Activity | None:
    text = reading.text
    words = text[sentence.begin : sentence.end]
    kinds = _kinds(words)
    if not kinds or not HELD.search(words) or sentence.line.section in ("need", "closed", "resource"):
        return None
    planned = PLANNED.search(words) or sentence.line.section == "service"
    if planned and sentence.line.section == "service" and not re.search("举行|举办|召开", words):
        return None
    period = period_in(words, today, months_back=0 if planned else 11)
    place = place_in(words)
    if not (period or place) or not _is_held(words, bool(place)):
        return None
    begin, end = reading.span(sentence.begin, sentence.end)
    return Activity(
        _name(words),
        kinds,
        period,
        place,
        _participants(directory, sentence.begin, sentence.end),
        reading.source[begin:end],
        begin,
    )


def _is_held(words: str, placed: bool) -> bool:
    """It must be said to take place: 计划, 支持 and 每年 are of what may come, and a day alone may be of anything."""
    verb = HELD.search(words)
    if re.search("如何|希望|建议|累计|先后", words[: verb.start() if verb else 0]):
        return False
    if not placed and re.search("每年|每季度|每月|每周|定期", words):
        return False
    return bool(placed or re.search(r"举行|举办|召开|开展|开幕|启动|走访|组织|赴|来到|参观|座谈|签", words))


def _kinds(words: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in patterns_of("activities.tsv") if pattern.search(words))


def _name(words: str) -> str:
    named = [match.group() for clause in re.split("[，。；：]", words) for match in NAMED.finditer(clause)]
    if not named:
        return ""
    name = re.sub(r"^.*?(?:举行|举办|召开|开展|组织|参加|围绕|了|的通知|关于|定于)(?=.{3})", "", named[0])
    name = re.sub("^[与和同]|^.{0,8}?(?:在|于)[^，]{2,20}?(?=召开|设立|坐诊|举行|举办)", "", name)
    return re.sub(r"^(?:\d{1,4}年)?\d{1,2}月\d{1,2}日(?:上午|下午|晚)?|^[日上下午]+", "", name)


def place_in(words: str) -> str:
    """Where something takes place, as the words say it, or nothing."""
    for match in PLACE_BEFORE.finditer(words):
        place = re.sub(r"^(?:\d+[:：]\d+)?[在于]", "", match["place"]).strip()
        if len(place) >= 2 and not NO_PLACE.match(place) and PLACE_LIKE.search(place):
            return place
    return ""


def _record(text: str, lines: Sequence[Line], directory: Directory, today: date) -> _Record:
    period, place, first = None, "", None
    participants: tuple[str, ...] = ()
    for line in lines:
        if line.role != "field" or not line.field:
            continue
        words = text[line.begin : line.end].strip(" 。；")
        if WHEN.search(line.field) and period is None:
            period = period_in(words, today, months_back=11)
            first = first or line
        elif WHERE.search(line.field) and not place:
            place = re.split("[（(，。；]", words)[0]
            first = first or line
        elif ATTENDED.search(line.field) or "主持" in line.field:
            participants += _participants(directory, line.begin, line.end)
    return _Record(period, place, tuple(dict.fromkeys(participants)), first)


def _of_record(reading: Reading, lines: Sequence[Line], record: _Record, directory: Directory) -> Activity:
    title = next((reading.text[line.begin : line.end] for line in lines if line.role == "heading"), "")
    name = re.sub("^关于|的通知$|的公告$|的函$|会议纪要$|纪要$|记录$|签到表$", "", title)
    name = re.sub("^(?:举办|召开|开展)", "", name)
    line = record.line
    assert line is not None  # noqa: S101 - the caller asks only for records with a line
    begin, end = reading.span(line.begin, line.end)
    return Activity(
        name,
        _kinds(title),
        record.period,
        record.place,
        record.participants,
        reading.source[begin:end],
        begin,
    )


def _participants(directory: Directory, begin: int, end: int) -> tuple[str, ...]:
    names = [directory.speaker_of(directory.name_of(one)) for one in directory.within(begin, end)]
    return tuple(dict.fromkeys(names))


def _merged(found: list[Activity]) -> list[Activity]:
    """Sentences about the same day tell of one activity, unless they name two places."""
    merged: list[Activity] = []
    for one in found:
        for number, other in enumerate(merged):
            same_day = one.period == other.period and one.period is not None
            undated = one.period is None or other.period is None
            same_place = not one.place or not other.place or one.place == other.place
            if same_place and (
                same_day
                or (
                    undated
                    and (set(one.kinds) & set(other.kinds) or one.place == other.place or len(merged) == 1)
                )
            ):
                merged[number] = replace(
                    other,
                    name=other.name or one.name,
                    kinds=tuple(dict.fromkeys(other.kinds + one.kinds)),
                    period=other.period or one.period,
                    place=other.place or one.place,
                    participants=tuple(dict.fromkeys(other.participants + one.participants)),
                )
                break
        else:
            merged.append(one)
    return merged
