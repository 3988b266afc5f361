"""Needs, resources and services of a text, sentence by sentence."""

import re
from collections.abc import Sequence
from datetime import date

from .drafts import Draft, finished
from .layout import Line
from .lexicon import any_of, first_of
from .model import Entry, EntryKind
from .needs import ANOTHER, closes, cue_of
from .offers import listed_kind, offered, parted, promises, things_in
from .organisations import Directory
from .reading import Reading
from .said import COUNT, SPAN
from .sentences import Clause, Sentence, clauses_of
from .speakers import Speakers

# What a firm tells of itself before it comes to the point is no part of the point.
OWN_AFFAIRS = re.compile(
    "表示$|介绍$|说$|提出$|反映$|主要(?:从事|生产|做|经营|产品)|成立|从事|饱满|良好|顺利|平稳|增长|感谢|你好|您好|大家好|各位|老师好|收到|好的|谢谢|会上|座谈"
)
ONLY_HELP = re.compile("(?:输送|支持|帮助|指导|合作|解决|推荐|协调|关注|攻关)$")
GIVES = re.compile("(?:愿意?|可以?|能够?|将)(?:提供|接收|开放|拿出)")
HAVE = re.compile("(?:^|[院校们里室局处心年另]|现)有(?!关|效|限|序|望|力|利|机|的|没|意|所)")
LENT = re.compile("租给|借给|给[你们大家各位企业]{1,3}用|共享|出租|外借")
OPENS = re.compile(r"(?:下月|下学期|\d{1,2}月)[^，。]{0,4}(?:开班|开课|开讲)")
DATED_EVENT = re.compile(r"\d{1,2}[日号][^，。]{0,24}(?:办|举行|开(?!始|放|展))")
IDLE = re.compile("空着|空出|闲置")
# What is said of an offer that was just made.
OF_IT = re.compile(
    r"^(?:年[^，。]{2,6}能力|每[次期批场][^，。]{0,6}\d|一次|出具|(?:明年|今年|下月|下学期|\d{1,2}月)[^，。]{0,6}(?:开班|开课)|最多|可容纳|能容纳|学费|免费$|费用)"
)
MORE = re.compile(rf"每|免费|周[一二三四五六日]|预算|费用|工资|月薪|待遇|包吃|{SPAN.pattern}|{COUNT.pattern}")
# 三方将以…为新起点: what all sides proclaim is nobody's offer.
JOINT = re.compile("(?:三方|双方|各方|多方|校企)(?:将|要|以|围绕|均|一致)")
SETTLED = re.compile(
    r"^问题[^，。]{0,6}已|(?:该|这个?|上述|此|以上|前面说的|之前说的|刚才说的)[^，。]{0,12}(?:已|解决|招到|找到|不用)"
)


def entries_of(
    reading: Reading, sentences: Sequence[Sentence], directory: Directory, speakers: Speakers, today: date
) -> list[Entry]:
    drafts: list[Draft] = []
    for sentence in sentences:
        drafts += _of_sentence(reading.text, sentence, directory, speakers, drafts)
    entries = [entry for draft in drafts for entry in finished(reading, draft, directory, today)]
    return list(dict.fromkeys(entries))


def _of_sentence(
    text: str, sentence: Sentence, directory: Directory, speakers: Speakers, earlier: list[Draft]
) -> list[Draft]:
    line = sentence.line
    drafts: list[Draft] = []
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
            drafts.append(Draft("need", begin, clause.end, sentence, who, cue, text[begin : clause.end]))
            background = None
            continue
        if JOINT.search(clause.text):
            break
        promiser = who if promiser or promises(clause.text) else ""
        # 有叉车证培训，每月两期: in a chat, to have is to offer.
        offering = (
            bool(promiser)
            or bool(OPENS.match(clause.text))
            or (line.chat and bool(HAVE.search(clause.text) or DATED_EVENT.search(clause.text)))
        )
        if had and promises(clause.text) and _is_lent(had, clause):
            # 学院有一台加工中心，可以给企业用: what is had may be had by others.
            drafts.append(Draft("resource", had.begin, clause.end, sentence, who, "", had.text))
            had = None
        elif (
            last
            and last.kind != "need"
            and last.who == (who or directory.author)
            and clause.after == "，"
            and OF_IT.match(clause.text)
        ):
            last.end = clause.end
        elif (draft := _offer(clause, sentence, directory, who, kind, offering)) is not None:
            drafts.append(draft)
        elif _is_had(clause, line, kind):
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


def _is_had(clause: Clause, line: Line, kind: str) -> bool:
    if line.chat and HAVE.search(clause.text) and COUNT.search(clause.text):
        return True
    own = kind not in ("enterprise", "group", "") and HAVE.search(clause.text)
    return bool(things_in(clause.text) and (own or IDLE.search(clause.text)))


def _is_lent(had: Clause, clause: Clause) -> bool:
    """学院有一台加工中心，可以给企业用; where no table knows the thing, it must be said to be lent."""
    things = things_in(had.text)
    return things[-1][1] == "resource" if things else bool(LENT.search(clause.text))


def _goes_on(last: Draft, cue: str, clause: Clause) -> bool:
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


def _settle(earlier: list[Draft], line: Line) -> None:
    if (
        earlier
        and earlier[-1].kind == "need"
        and (earlier[-1].sentence.line.label == line.label or not line.chat)
    ):
        earlier.pop()


def _settle_named(earlier: list[Draft], who: str, clause: str, least: int) -> None:
    """污水处理的厂家找到了 ends what the same firm asked for before in these words."""
    pairs = {clause[at : at + 2] for at in range(len(clause) - 1)}
    for draft in earlier[-100:]:
        shared = sum(pair in draft.words for pair in pairs)
        if draft.kind == "need" and draft.who == who and shared >= least:
            earlier.remove(draft)
            return


def _offer(
    clause: Clause, sentence: Sentence, directory: Directory, who: str, kind: str, promising: bool
) -> Draft | None:
    line = sentence.line
    if clause.text == line.label:
        return None
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
    draft = Draft(what, clause.begin, clause.end, sentence, who, "", clause.text)
    draft.parts = [(clause.begin + first, clause.begin + last) for first, last in parted(clause.text)]
    return draft


def _bare(text: str, sentence: Sentence, directory: Directory, speakers: Speakers) -> Draft | None:
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
        return Draft("need", sentence.begin, sentence.end, sentence, who, "item", words)
    if not things_in(words) or re.search("^会议|要提高|各单位要", words):
        return None
    who = who or directory.author
    kind: EntryKind = "resource" if line.section == "resource" else listed_kind(words)
    draft = Draft(kind, sentence.begin, sentence.end, sentence, who, "item", words)
    cuts = [match.span() for match in re.finditer("；", words)]
    pieces = list(zip([0, *(end for _, end in cuts)], [*(at for at, _ in cuts), len(words)], strict=True))
    if all(things_in(words[first:last]) for first, last in pieces):
        draft.parts = [(sentence.begin + first, sentence.begin + last) for first, last in pieces]
    return draft
