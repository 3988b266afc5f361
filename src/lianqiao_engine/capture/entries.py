"""Needs, resources and services of a text, sentence by sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from .figures import figures_in
from .layout import Line
from .lexicon import any_of, first_of
from .model import Doubt, Entry, EntryKind, Sign
from .needs import ANOTHER, closes, cue_of
from .offers import category_of, listed_kind, names_trade, offered, parted, promises, things_in
from .organisations import Directory
from .reading import Reading
from .said import COUNT, SPAN, amounts_in, period_in
from .sentences import Clause, Sentence, clauses_of
from .speakers import Speakers

# What a firm tells of itself before it comes to the point is no part of the point.
OWN_AFFAIRS = re.compile(
    "表示$|介绍$|说$|提出$|反映$|主要(?:从事|生产|做|经营|产品)|成立|从事|饱满|良好|顺利|平稳|增长|感谢|你好|您好|大家好|各位|老师好|收到|好的|谢谢|会上|座谈"
)
ONLY_HELP = re.compile("(?:输送|支持|帮助|指导|合作|解决|推荐|协调|关注|攻关)$")
GIVES = re.compile("(?:愿意?|可以?|能够?|将)(?:提供|接收|开放|拿出)")
HAVE = re.compile("(?:^|[院校们里室局处心年]|现)有(?!关|效|限|序|望|力|利|机|的|没|意|所)")
IDLE = re.compile("空着|空出|闲置")
# What is said of an offer that was just made.
OF_IT = re.compile(
    r"^(?:年[^，。]{2,6}能力|每[次期批场][^，。]{0,6}\d|一次|最多|可容纳|能容纳|学费|免费$|费用)"
)
MORE = re.compile(rf"每|免费|周[一二三四五六日]|预算|费用|工资|月薪|待遇|包吃|{SPAN.pattern}|{COUNT.pattern}")
# 三方将以…为新起点: what all sides proclaim is nobody's offer.
JOINT = re.compile("(?:三方|双方|各方|多方|校企)(?:将|要|以|围绕|均|一致)")
SETTLED = re.compile(
    r"^问题[^，。]{0,6}已|(?:该|这个?|上述|此|以上|前面说的|之前说的|刚才说的)[^，。]{0,12}(?:已|解决|招到|找到|不用)"
)
COUNTED_ITEM = re.compile(r"[^、和及]{2,14}?(?:\d+|[一二两三四五六七八九十]+)[名个人位台套辆]")


@dataclass
class _Draft:
    kind: EntryKind
    begin: int
    end: int
    sentence: Sentence
    who: str
    cue: str
    words: str
    parts: list[tuple[int, int]] = field(default_factory=list)


def entries_of(
    reading: Reading, sentences: Sequence[Sentence], directory: Directory, speakers: Speakers, today: date
) -> list[Entry]:
    drafts: list[_Draft] = []
    for sentence in sentences:
        drafts += _of_sentence(reading.text, sentence, directory, speakers, drafts)
    entries = [entry for draft in drafts for entry in _finished(reading, draft, directory, today)]
    return list(dict.fromkeys(entries))


def _of_sentence(
    text: str, sentence: Sentence, directory: Directory, speakers: Speakers, earlier: list[_Draft]
) -> list[_Draft]:
    line = sentence.line
    drafts: list[_Draft] = []
    if _is_title(text, sentence, directory):
        return drafts
    promiser = ""
    background: Clause | None = None
    had: Clause | None = None
    for clause in clauses_of(text, sentence.begin, sentence.end):
        who = speakers.at(line, clause.begin, clause.end)
        if line.section == "closed":
            continue
        kind = directory.kinds.get(who, "group" if who else "")
        if promiser and who != promiser:
            promiser = ""
        last = drafts[-1] if drafts else None
        # Who closes a need may speak of one sentences ago.
        if settled := closes(clause.text):
            if settled == "before" and last and last.kind == "need":
                drafts.pop()
            elif settled == "before" and not last and SETTLED.match(clause.text):
                _settle(earlier, line)
            elif first_of("closed.tsv", clause.text) == "solved":
                _settle_named(earlier, who, clause.text, 1 if settled == "before" else 3)
            continue
        cue = cue_of(clause.text, line, kind, quoted=speakers.quoted(line, clause.begin))
        if not cue and ANOTHER.match(clause.text):
            background = (
                clause
                if (kind in ("enterprise", "group") or HAVE.search(clause.text[:6]))
                and not OWN_AFFAIRS.search(clause.text)
                else None
            )
        joined = (
            background is None
            and last is not None
            and last.who == who
            and clause.after != "；"
            and last.kind == "need"
        )
        if last and joined and (not cue or _goes_on(last, cue, clause)):
            if (
                not cue
                and (kind not in ("enterprise", "group", "") or GIVES.search(clause.text))
                and offered(clause.text, line, promising=True)
            ):
                pass
            else:
                last.end = clause.end
                continue
        if cue:
            begin = clause.begin
            if (
                background
                and cue in ("wish", "asking", "problem", "wanted")
                and clause.begin - background.begin <= 40
            ):
                begin = background.begin
            drafts.append(_Draft("need", begin, clause.end, sentence, who, cue, text[begin : clause.end]))
            background = None
            continue
        if JOINT.search(clause.text):
            break
        promiser = who if promiser or promises(clause.text) else ""
        # 有叉车证培训，每月两期: in a chat, to have is to offer.
        offering = bool(promiser) or (line.chat and bool(HAVE.search(clause.text)))
        if had and promises(clause.text) and things_in(had.text)[-1][1] == "resource":
            # 学院有一台加工中心，可以给企业用: what is had may be had by others.
            drafts.append(_Draft("resource", had.begin, clause.end, sentence, who, "", had.text))
            had = None
        elif (
            last
            and last.kind != "need"
            and last.who == who
            and clause.after == "，"
            and OF_IT.match(clause.text)
        ):
            last.end = clause.end
        elif (draft := _offer(clause, sentence, directory, who, kind, offering)) is not None:
            drafts.append(draft)
        elif things_in(clause.text) and (
            IDLE.search(clause.text) or (kind not in ("enterprise", "group", "") and HAVE.search(clause.text))
        ):
            had = clause
        elif (
            not drafts
            and kind in ("enterprise", "group")
            and len(clause.text) >= 5
            and not OWN_AFFAIRS.search(clause.text)
        ):
            background = background or clause
        elif (
            last
            and last.kind != "need"
            and last.who == who
            and clause.after == "，"
            and MORE.search(clause.text)
        ):
            last.end = clause.end
    if not drafts and (draft := _bare(text, sentence, directory, speakers)) is not None:
        drafts.append(draft)
    return drafts


def _goes_on(last: _Draft, cue: str, clause: Clause) -> bool:
    """A problem and the wish that follows it are one need; so are a need and who is asked for it."""
    if ANOTHER.match(clause.text):
        return False
    return (
        cue == "asking"
        or (cue == "problem") != (last.cue == "problem")
        or {cue, last.cue} == {"missing", "problem"}
        or (cue == "missing" and last.cue == "wish" and not COUNT.search(clause.text))
        or (cue in ("wish", "wanted") and len(clause.text) <= 12 and bool(ONLY_HELP.search(clause.text)))
    )


def _is_title(text: str, sentence: Sentence, directory: Directory) -> bool:
    """（一）组织“专家门诊”。5月8日…: a first short sentence without a subject only names what the item tells."""
    line = sentence.line
    if line.role != "item" or line.label or sentence.begin != line.begin or sentence.end >= line.end:
        return False
    words = text[sentence.begin : sentence.end]
    return len(words) <= 16 and _does_first(words) and not directory.within(sentence.begin, sentence.end)


def _does_first(words: str) -> bool:
    return bool(
        re.match(
            f"(?:现场|集中|统一|定期|在[^，]{{2,20}}?)?(?:{any_of('offers.tsv', 'firm').pattern}|开展)", words
        )
    )


def _settle(earlier: list[_Draft], line: Line) -> None:
    if (
        earlier
        and earlier[-1].kind == "need"
        and (earlier[-1].sentence.line.label == line.label or not line.chat)
    ):
        earlier.pop()


def _settle_named(earlier: list[_Draft], who: str, clause: str, least: int) -> None:
    """污水处理的厂家找到了 ends what the same firm asked for before in these words."""
    pairs = {clause[at : at + 2] for at in range(len(clause) - 1)}
    for draft in earlier[-100:]:
        shared = sum(pair in draft.words for pair in pairs)
        if draft.kind == "need" and draft.who == who and shared >= least:
            earlier.remove(draft)
            return


def _offer(
    clause: Clause, sentence: Sentence, directory: Directory, who: str, kind: str, promising: bool
) -> _Draft | None:
    line = sentence.line
    if not who and line.section in ("resource", "service"):
        who = directory.author
    if not who and line.role == "item" and directory.signed and _does_first(clause.text):
        # A notice says what its author does without naming him.
        who, kind, promising = directory.signed, "author", True
    if kind in ("", "group") and not (line.section in ("resource", "service") or (line.chat and who)):
        return None
    if line.section == "need" and kind in ("enterprise", "group") and not GIVES.search(clause.text):
        return None
    what = offered(clause.text, line, promising=promising)
    if not what:
        return None
    draft = _Draft(what, clause.begin, clause.end, sentence, who, "", clause.text)
    draft.parts = [(clause.begin + first, clause.begin + last) for first, last in parted(clause.text)]
    return draft


def _bare(text: str, sentence: Sentence, directory: Directory, speakers: Speakers) -> _Draft | None:
    """An item of a list whose heading says what it is: 1. 仓储管理系统升级."""
    line = sentence.line
    words = text[sentence.begin : sentence.end]
    if (
        line.role != "item"
        or line.section not in ("need", "resource", "service")
        or (sentence.begin != line.begin and not line.label)
    ):
        return None
    if any(closes(clause.text) for clause in clauses_of(text, sentence.begin, sentence.end)):
        return None
    if re.fullmatch(r"[无没有暂\s。；—-]+", words.removeprefix(f"{line.label}：")) or len(words) < 4:
        return None
    if any(
        (one.begin, one.end) == (sentence.begin, sentence.end)
        for one in directory.within(sentence.begin, sentence.end)
    ):
        return None
    who = speakers.at(line, sentence.begin, sentence.end)
    if line.section == "need":
        who = who or directory.author
        return _Draft("need", sentence.begin, sentence.end, sentence, who, "item", words)
    if not things_in(words) or re.search("^会议|要提高|各单位要", words):
        return None
    who = who or directory.author
    kind = "resource" if line.section == "resource" else listed_kind(words)
    return _Draft(kind, sentence.begin, sentence.end, sentence, who, "item", words)


def _finished(reading: Reading, draft: _Draft, directory: Directory, today: date) -> list[Entry]:
    text = reading.text
    begin, end = reading.span(draft.sentence.begin, draft.sentence.end)
    parts = draft.parts if len(draft.parts) > 1 else _counted(text, draft)
    entries = []
    for first, last in parts:
        words = text[first:last].strip(" ，；、。")
        entries.append(
            Entry(
                draft.kind,
                words,
                reading.source[begin:end],
                begin,
                draft.who,
                category_of(words),
                period_in(words, today, months_back=3),
                amounts_in(words),
                figures_in(draft.kind, words, today),
                _sign(draft),
                tuple(_doubts(draft, words, directory)),
            )
        )
    return entries


def _sign(draft: _Draft) -> Sign:
    if draft.cue == "item":
        return "listed"
    return draft.cue if draft.kind == "need" else "offer"  # type: ignore[return-value]


def _doubts(draft: _Draft, words: str, directory: Directory) -> Iterator[Doubt]:
    if not draft.who:
        yield "nobody"
    elif draft.who not in directory.kinds:
        yield "group"
    is_soft = draft.kind != "need" or draft.cue in ("wish", "asking", "together", "suggest", "problem")
    if is_soft and not (things_in(words) or names_trade(words) or COUNT.search(words)):
        yield "vague"


def _counted(text: str, draft: _Draft) -> list[tuple[int, int]]:
    """车工3名、钳工5名 are two needs; 新技术、新理念的支持 is one."""
    words = text[draft.begin : draft.end]
    cuts = [match.start() for match in re.finditer("[、；]", words)]
    pieces, at = [], 0
    for cut in [*cuts, len(words)]:
        pieces.append((at, cut))
        at = cut + 1
    if draft.kind != "need" or len(pieces) < 2 or not all(COUNTED_ITEM.search(words[b:e]) for b, e in pieces):
        return [(draft.begin, draft.end)]
    return [(draft.begin + b, draft.begin + e) for b, e in pieces]
