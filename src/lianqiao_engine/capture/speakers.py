"""Whose words a clause is: by the line's label, by who is said to speak, by its own subject, or as before."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache

from .layout import Line
from .lexicon import any_of, first_of
from .organisations import Directory

QUOTE = re.compile("“[^“”]*”")
GROUP = re.compile(
    r"(?:多家|部分|不少|一些|各|几家|许多|参会|参加[^，。“”]{0,10}?的|与会|链上|到场|现场|在场|辖区|结对|受访|会员|\d+家|[一二三四五六七八九十]+家)?(?!诚?邀|请|找|为|向|与|和|对|给|帮)[^，。“”、；：\s的]{0,6}(?:企业|商户|厂商|用人单位)(?:家|主)?们?(?=(?:相关|主要|有关)?(?:负责人|代表|普遍|纷纷|表示|反映|提出|希望|均|都|说|期盼|急需|认为|坦言|畅所欲言|家们|集中|共同|迫切|也))"
)
LEADING = re.compile(
    r"^(?:(?:接下来|下一步|今后|会上|会后|随后|目前|当前|其中|同时|此外|另外|近年来|近日|日前|活动中|活动现场|座谈中|座谈会上|会议上|现场|据了解|据|对此|为此|最后|首先|其次|还有|而|由|经|针对|以及|并|在接下来[^，]{0,16}|[^，]{0,6}(?:中|上|后|时|期间)|本报讯|本网讯|[（(][^）)]*[）)]|\d+月\d+日(?:\s*(?:到|赴|走访|回访|前往))?|上午|下午|当天|今年|[\s“‘、；，：])+)?$"
)
OURS: Mapping[str, tuple[str, ...]] = {
    r"该校|学校|我校|本校|校方|高校方面": ("school",),
    r"该学院|该院|我院|本院|学院|院方|系里": ("college", "school", "institute"),
    r"该公司|我公司|我们公司|本公司|公司|我司|该企业|我们企业|合作社|我厂|该厂|厂里|企业|我们厂|本企业|集团": (
        "enterprise",
    ),
    r"管理处|(?:园区|开发区|区)管委会|办公室|我处|我局|该局|我中心|中心|管委会|街道|我办|我街道": ("office",),
    r"协会|商会|该协会|我会": ("association",),
}
# 到某公司。厂长说…: in a log of visits, who is visited speaks next.
VISITED = re.compile(r"(?:今天|上午|下午|随后|又|再)?(?:到|去|赴|走访|回访|前往|来到)(?:了)?")
VISITING = re.compile("(?:调研|走访|座谈|回访|了解情况|看看|拜访|一趟)?")
NEAR = 300  # characters: who is said to speak stands no farther from the words


class Speakers:
    """Goes through a text clause by clause, in order; keeps who spoke last."""

    def __init__(
        self, text: str, directory: Directory, people: Mapping[str, str], lines: Sequence[Line]
    ) -> None:
        self._text, self._directory, self._people = text, directory, people
        self._line: Line | None = None
        self._quoting: Line | None = None
        self._marked: list[tuple[int, int]] = []
        self._who = ""
        self._visited = self._subject_of_record(lines)
        self._quotes: list[tuple[int, int, str]] = []

    def at(self, line: Line, begin: int, end: int) -> str:
        """Who says text[begin:end], a clause of `line`: an organisation, a group, or empty."""
        if line is not self._line:
            self._enter(line)
        number = bisect_right(self._quotes, (begin, len(self._text), "")) - 1
        if number >= 0 and begin < self._quotes[number][1] and (who := self._quotes[number][2]):
            self._who = who
            return who
        subject = self._subject(begin, end)
        if subject:
            self._who = subject
        return (
            self._who
            or self._of_section(line)
            or ("" if line.chat or self._is_of_others(line) else self._visited)
        )

    def _is_of_others(self, line: Line) -> bool:
        """What a record lists of resources is the visited firm's, unless the paper has an author of its own."""
        if line.label and not first_of("sections.tsv", line.label):
            return True
        return line.section in ("resource", "service") and bool(self._directory.author)

    def quoted(self, line: Line, place: int) -> bool:
        """Whether a place of `line` stands in quotation marks."""
        if line is not self._quoting:
            self._quoting = line
            self._marked = [match.span() for match in QUOTE.finditer(self._text, line.begin, line.end)]
        number = bisect_right(self._marked, (place, len(self._text))) - 1
        return number >= 0 and place < self._marked[number][1]

    def _enter(self, line: Line) -> None:
        self._line = line
        self._who = self.by_label(line.label) if line.label else ""
        self._quotes = self._attributed(line)

    def by_label(self, label: str) -> str:
        """Whose label it is: a person's, an organisation's, or both (王经理-宏泰建材)."""
        if organisation := self._directory.resolved(label):
            return self._directory.speaker_of(organisation)
        for part in [label, *re.split(r"[-—_/|（）()\s·@]+", label)]:
            if part in self._people:
                return self._people[part]
            if part in self._directory.shorts:
                return self._directory.shorts[part]
            if len(part) >= 4 and (
                firm := next((one for one in self._directory.shorts if part.startswith(one)), "")
            ):
                return self._directory.shorts[firm]
            bare = _titles().sub("", part)
            if bare in self._people:
                return self._people[bare]
            if part and (organisation := self._directory.resolved(part)):
                return self._directory.speaker_of(organisation)
            if part != label and (organisation := self._directory.holding(part)):
                return organisation
        return self._pointed(label) or (label if GROUP.fullmatch(label) or label.endswith("企业代表") else "")

    def _subject(self, begin: int, end: int) -> str:
        clause = self._text[begin:end]
        if (group := GROUP.match(clause)) and group.group() not in ("企业", "各企业"):
            return group.group()
        for one in self._directory.within(begin, end):
            lead = clause[: one.begin - begin]
            visited = VISITED.fullmatch(lead) and VISITING.fullmatch(clause[one.end - begin :])
            if visited or LEADING.match(lead):
                after = self._text[one.end : one.end + 2]
                # 与甲公司 and 甲公司的产品: neither makes it the one who speaks, a colon or a verb does.
                return (
                    ""
                    if after.startswith("方面")
                    else self._directory.speaker_of(self._directory.name_of(one))
                )
            break
        bare = re.sub(
            r"^(?:接下来|下一步|会上|目前|当前|同时|此外|另外|对此|今后|由|现在|今年|最近|因为|其实|也就是)+",
            "",
            clause,
        )
        for size in (4, 3, 2):
            if bare[:size] in self._people:
                return self._people[bare[:size]]
        return self._pointed(bare) or (group.group() if group else "")

    def _pointed(self, clause: str) -> str:
        """学校, 该公司: the one who speaks already, else the last one named, else the only one of its kind."""
        for words, kinds in _pointers().items():
            if match := words.match(clause):
                rest = clause[match.end() :]
                if re.match(
                    r"[与和、（的]|[^，]{0,2}(?:需求|代表|之间)", rest
                ) and not match.group().startswith(("该", "我", "本")):
                    return ""
                if self._directory.kinds.get(self._who) in kinds:
                    return self._who
                host = self._directory.hosts.get(self._who, "")
                if self._directory.kinds.get(host) in kinds:
                    return host
                return (
                    self._last_named(kinds)
                    or self._directory.only(*kinds[:1])
                    or self._directory.only(*kinds)
                )
        return ""

    def _last_named(self, kinds: tuple[str, ...]) -> str:
        if self._line is None:
            return ""
        names = [
            self._directory.name_of(one)
            for one in self._directory.within(self._line.begin, self._line.end)
            if one.kind in kinds
        ]
        return names[0] if len(set(names)) == 1 else ""

    def _attributed(self, line: Line) -> list[tuple[int, int, str]]:
        """Each quotation of the line with who says it: named after it, before it, or after the next one."""
        quotes = [match.span() for match in QUOTE.finditer(self._text, line.begin, line.end)]
        spoken = [(b, e) for b, e in quotes if e - b >= 8 or self._text[e - 2] in "。！？…，"]
        result: list[tuple[int, int, str]] = []
        last = 0
        for number, (begin, end) in enumerate(spoken):
            last = max(last, number)
            while last + 1 < len(spoken) and spoken[last + 1][0] - spoken[last][1] <= 2:
                last += 1
            stop = spoken[last + 1][0] if last + 1 < len(spoken) else line.end
            after = self._text[spoken[last][1] : min(stop, spoken[last][1] + NEAR)]
            after = re.split("[。！？：]", after)[0]
            before = re.split("[。！？”]", self._text[max(line.begin, begin - NEAR) : begin])[-1]
            who = ""
            if before.endswith(("：", "，")) and _says().search(before[-14:]):
                at = begin - len(before)
                who = self._named(at, begin)
            # What comes after tells of these words, unless it introduces the next ones.
            speaks = _says().search(after[:40]) or _title_in().search(after[:24])
            if not who and speaks and not (after.endswith("：") and last + 1 < len(spoken)):
                who = self._named(spoken[last][1], spoken[last][1] + len(after))
            if not who and result and result[-1][2]:
                who = result[-1][2]
            result.append((begin, end, who))
        return result

    def _named(self, begin: int, end: int) -> str:
        words = self._text[begin:end]
        if group := GROUP.search(words):
            inside = self._directory.within(begin, end)
            if not inside:
                return group.group().lstrip("，”")
        for one in self._directory.within(begin, end):
            return self._directory.speaker_of(self._directory.name_of(one))
        for name, organisation in self._people.items():
            if len(name) >= 2 and name in words:
                return organisation
        return self._pointed(words.lstrip("，”"))

    def _of_section(self, line: Line) -> str:
        if line.section in ("need", "closed"):
            own = self._directory.author if re.search("我[校院局处会]", self._text) else ""
            return self._visited or self._directory.only("enterprise") or own
        return ""

    def _subject_of_record(self, lines: Sequence[Line]) -> str:
        """走访单位：某公司 makes a record that firm's."""
        for line in lines:
            if re.search(
                "走访(?:单位|对象|企业)|受访单位|调研(?:单位|企业)|企业名称|单位名称|^企业$|^公司$|^单位$|来访单位",
                line.field,
            ):
                for one in self._directory.within(line.begin, line.end):
                    return self._directory.speaker_of(self._directory.name_of(one))
        return ""


@cache
def _pointers() -> dict[re.Pattern[str], tuple[str, ...]]:
    return {re.compile(rf"(?:{words})(?!校|院|家)"): kinds for words, kinds in OURS.items()}


@cache
def _titles() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{any_of('titles.tsv', 'title').pattern})$")


@cache
def _title_in() -> re.Pattern[str]:
    return any_of("titles.tsv", "title")


@cache
def _says() -> re.Pattern[str]:
    return any_of("titles.tsv", "say")
