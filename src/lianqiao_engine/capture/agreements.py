"""Who signed what with whom: A与甲、B与乙、C与丙 are three agreements, and a branch stands for its firm."""

import itertools
import re
from collections.abc import Sequence
from datetime import date

from .layout import Line
from .mentions import Mention
from .model import Agreement, Pair
from .organisations import Directory
from .reading import Reading
from .said import period_in
from .sentences import Sentence

SIGNED = re.compile(
    r"签署|签订|签下|签定|缔结|续签|达成|签(?=了?[^，。；]{0,16}(?:协议|合同|备忘录|意向书|责任书|合约))|(?:正式|现场|成功|集中|完成|顺利)签约|签约(?!仪式|活动|现场|单位|名单|台|环节|桌|率|项目)|(?:结成|结为)[^，。；]{0,10}(?:对子|共建|伙伴)|结对(?!名单|安排|企业|单位|情况|帮扶工作|仪式|活动)"
)
KIND = re.compile(r"(?:[\u4e00-\u9fff“”（）()·\-—、和及]{1,30}?)(?:协议书|协议|合同|备忘录|意向书|责任书)")
OPEN = re.compile(
    r"尚未|未能|未签|没有签|没签|暂未|并未|洽谈|意向(?!书)|有意|拟(?:与|和|同|签|于)|将(?:与|和|同|签|于|分别|择日|适时)|计划|准备|打算|争取|希望|期待|力争|待条件|正在|商谈|拟定|草拟|起草|修改|建议|推动|促成|终止|解除|取消|到期"
)
TOGETHER = re.compile("[三四五六七八九多]方[^，。；]{0,10}(?:协议|合同|备忘录|签|共建|框架)|共同签|共签")
EACH = re.compile("分别|各自|逐一|一一")
LINK = re.compile("[与和同跟]|——|—|-|↔|←→|→|⇄|<->|/| |对接|牵手")
APART = re.compile("[、，；]|以及|及|并")
BOTH = re.compile(r"(?:双方|校企双方|两家单位|两家|校地双方|双方代表)[^，。；]{0,12}$")
POINTED = (
    ("该校|我校|本校|学校", ("school",)),
    ("该学院|我院|该院|学院", ("college", "school", "institute")),
    ("该公司|该企业|公司|企业|我公司", ("enterprise",)),
    ("产业链党组织|产业链党委|链党委", ("chain_party",)),
)
# 校 before it, or a name: 江苏某学校 is no pointer; only what begins a clause, or a link stands beside it.
POINTER = re.compile(
    "(?:(?<=[与和同，、。]))(?:"
    + "|".join(words for words, _ in POINTED)
    + ")(?=[与和同、，]|分别|签|现场|正式|共同|代表|负责)|(?:该校|该学院|该公司|该企业)(?=[与和同]|同时|还|也|又|分别|再)"
)
UNITS = ("college", "school", "institute")
KINDS_SAID = re.compile(
    "^(?:了|下|的|署|订|《|约|共同|正式|现场|一份|一系列|相关|有关|上述|三方|多方|《|\\s)+"
)


def agreements_of(
    reading: Reading, sentences: Sequence[Sentence], lines: Sequence[Line], directory: Directory, today: date
) -> list[Agreement]:
    found: list[Agreement] = []
    for number, sentence in enumerate(sentences):
        found += _of_sentence(reading, sentence, sentences[:number], directory, today)
    named = {agreement.parties for agreement in found}
    for line in lines:
        if (
            line.section == "agreement"
            and line.role in ("item", "content")
            and not _verb(reading.text, line.begin, line.end)
        ):
            found += [one for one in _of_list(reading, line, directory) if one.parties not in named]
    # The closing paragraph of a report tells again what was signed.
    first = {(one.parties, one.kinds): one for one in reversed(found)}
    return [one for one in found if first[one.parties, one.kinds] is one]


def _of_sentence(
    reading: Reading, sentence: Sentence, before: Sequence[Sentence], directory: Directory, today: date
) -> list[Agreement]:
    text = reading.text
    found: list[Agreement] = []
    at = sentence.begin
    for verb in SIGNED.finditer(text, sentence.begin, sentence.end):
        if verb.start() < at:
            continue
        stop = _object_end(text, verb.end(), sentence.end)
        words = text[at:stop]
        own = _clause_of(text, at, verb.start())
        if (
            OPEN.search(text[own : verb.start()])
            or OPEN.search(text[verb.end() : stop])
            or sentence.line.section == "closed"
        ):
            at = stop
            continue
        groups = _groups(text, own, verb.start(), directory)
        if not groups and (after := directory.within(verb.end(), stop)) and len(after) >= 2:
            groups = _grouped(text, after, verb.end())
        if not groups and BOTH.search(text[own : verb.start()]):
            groups = _both(sentence, before, directory)
        kinds = _kinds(text[verb.end() : stop], verb.group())
        for parties in _agreed(groups, words):
            found.append(_agreement(reading, sentence, parties, kinds, directory, today))
        at = stop
    return found


def _object_end(text: str, begin: int, end: int) -> int:
    """A signing's object ends with its clause; a list of papers goes on over 、 only."""
    match = re.compile("[，。；！？]").search(text, begin, end)
    return match.start() if match else end


def _clause_of(text: str, begin: int, verb: int) -> int:
    """Where what belongs to the verb begins: after the last ； or a clause that names nobody."""
    semicolon = max(
        text.rfind("；", begin, verb), text.rfind("：", begin, verb), text.rfind("。", begin, verb)
    )
    return max(begin, semicolon + 1)


def _groups(text: str, begin: int, verb: int, directory: Directory) -> list[list[Mention]]:
    """The parties before a verb, as the text groups them: by 、 and ，, each with who is linked to whom."""
    mentions = _named(text, begin, verb, directory)
    # 座谈交流，A与甲签署: a clause that has a verb of its own and no link has nothing to do with the signing.
    for number in range(len(mentions) - 1, 0, -1):
        gap = text[mentions[number - 1].end : mentions[number].begin]
        if re.search("[，；]", gap) and not re.fullmatch(
            r"(?:党委|党支部|党总支|代表|有关|相关|负责人|[）)\s])*[，；、]\s*(?:以及|及|和)?\s*", gap
        ):
            mentions = mentions[number:]
            break
    if len(mentions) < 2:
        return []
    return _grouped(text, mentions, begin)


def _named(text: str, begin: int, end: int, directory: Directory) -> list[Mention]:
    """The organisations of a stretch, with those that 该校 or 产业链党组织 point at."""
    mentions = directory.within(begin, end)
    for match in POINTER.finditer(text, begin, end):
        if any(one.begin < match.end() and match.start() < one.end for one in mentions):
            continue
        kinds = next(kinds for words, kinds in POINTED if re.fullmatch(words, match.group()))
        meant = directory.last_before(match.start(), kinds)
        if meant and meant not in map(directory.name_of, mentions):
            mentions.append(Mention(match.start(), match.end(), meant, directory.kinds[meant]))
    return sorted(mentions, key=lambda one: one.begin)


def _grouped(text: str, mentions: list[Mention], begin: int) -> list[list[Mention]]:
    groups: list[list[Mention]] = [[mentions[0]]]
    signs: list[str] = []
    for one, other in itertools.pairwise(mentions):
        gap = text[one.end : other.begin]
        signs.append("link" if LINK.search(gap) and not re.fullmatch("、|以及|及", gap.strip()) else "apart")
    for sign, other in zip(signs, mentions[1:], strict=True):
        if sign == "link":
            groups.append([other])
        else:
            groups[-1].append(other)
    return groups


def _agreed(groups: list[list[Mention]], words: str) -> list[tuple[Mention, ...]]:
    """A与[甲、B]与[乙、C]与丙: what stands between two links ends one pair and begins the next."""
    flat = tuple(one for group in groups for one in group)
    # 某学院院长、某公司总经理签署: two who sign, sign with each other.
    if len(flat) == 2:
        return [flat]
    if TOGETHER.search(words) and len(flat) > 2:
        return [flat]
    if len(groups) < 2:
        return []
    if len(groups) == 2:
        left, right = groups
        if len(left) == len(right) > 1:
            return list(zip(left, right, strict=True))
        if len(left) == 1 or len(right) == 1:
            return [(one, other) for one in left for other in right]
        # 甲、乙与丙、丁、戊: nobody can say who signed with whom.
        return [flat]
    pairs: list[tuple[Mention, ...]] = []
    head = groups[0][-1]
    if len(groups[0]) > 1 and not EACH.search(words):
        pairs += []
    for group in groups[1:-1]:
        if len(group) == 1:
            # A与甲与乙签署: one paper of three.
            return [flat]
        pairs += [(head, one) for one in group[:-1]]
        head = group[-1]
    return pairs + [(head, one) for one in groups[-1]]


def _both(sentence: Sentence, before: Sequence[Sentence], directory: Directory) -> list[list[Mention]]:
    """双方: the two that were named last, here or in the sentences before."""
    named: dict[str, Mention] = {}
    for one_sentence in [sentence, *reversed(before[-3:])]:
        for one in directory.within(one_sentence.begin, one_sentence.end):
            named.setdefault(directory.speaker_of(directory.name_of(one)), one)
        if len(named) >= 2:
            break
    return [[one] for one in named.values()] if len(named) == 2 else []


def _of_list(reading: Reading, line: Line, directory: Directory) -> list[Agreement]:
    """A line of a list of pairs: 经管学院——博智公司; a row of a table."""
    mentions = directory.within(line.begin, line.end)
    sentence = Sentence(line.begin, line.end, line)
    groups = _grouped(reading.text, mentions, line.begin) if len(mentions) >= 2 else []
    if len(mentions) == 2:
        groups = [[one] for one in mentions]
    kinds = ("结对",)
    return [_agreement(reading, sentence, parties, kinds, directory, None) for parties in _agreed(groups, "")]


def _agreement(
    reading: Reading,
    sentence: Sentence,
    parties: tuple[Mention, ...],
    kinds: tuple[str, ...],
    directory: Directory,
    today: date | None,
) -> Agreement:
    behind = [(directory.speaker_of(directory.name_of(one))) for one in parties]
    units = [name for name in behind if directory.kinds.get(name) in UNITS]
    firms = [name for name in behind if directory.kinds.get(name) == "enterprise"]
    # Several units and several firms in one paper: it does not say who is paired with whom.
    pairs = (
        [Pair(unit, firm) for unit in units for firm in firms] if len(units) == 1 or len(firms) == 1 else []
    )
    begin, end = reading.span(sentence.begin, sentence.end)
    words = reading.text[sentence.begin : sentence.end]
    return Agreement(
        tuple(directory.name_of(one) for one in parties),
        kinds,
        tuple(pairs),
        reading.source[begin:end],
        begin,
        period_in(words, today, months_back=11) if today else None,
    )


def _kinds(words: str, verb: str) -> tuple[str, ...]:
    """党建共建、校企共建协议 are two kinds, of one word of paper."""
    words = KINDS_SAID.sub("", words.strip("《》“” "))
    match = KIND.match(words)
    if not match:
        return ("结对",) if verb.startswith("结") else ("协议",)
    said = re.sub("[“”《》（）()]", "", match.group())
    paper = next(
        end for end in ("协议书", "协议", "合同", "备忘录", "意向书", "责任书") if said.endswith(end)
    )
    items = [item.removesuffix(paper) for item in re.split("、|以及|[和及]", said)]
    return tuple(dict.fromkeys(f"{item}{paper}" for item in items))


def _verb(text: str, begin: int, end: int) -> bool:
    return bool(SIGNED.search(text, begin, end))
