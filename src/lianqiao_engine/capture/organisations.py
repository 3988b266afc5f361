"""Which organisations a text names, each once: full names, short ones, those of the registry, those of a chat's labels."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from lianqiao_engine.names import NameIndex
from lianqiao_engine.names.lexicon import words_of
from lianqiao_engine.text.normalise import normalise
from lianqiao_engine.text.phrases import Phrases

from .forms import as_schools, kind_of, letters_of, means, same_brand, short_forms, trade_at_end
from .layout import Line
from .mentions import Mention, mentions_in, places_in
from .model import Known, Organisation, OrganisationKind
from .reading import readable

CALLED = re.compile(r"^\s*[（(](?:以下|下称|下文)?[统简]?称[为：]?\s*[“‘]?([^“”‘’（）]{2,20})[”’]?[）)]")
CERTAIN, ALIKE = (
    0.9,
    0.75,
)  # of NameIndex: a name of the registry with a slip of the pen; one of this very text
PERSON = re.compile(
    r"^(?:采购|销售|人事|行政|生产|技术|财务|仓库|质检)?[\u4e00-\u9fff](?:姐|哥|总|工|经理|老师)$|^(?:老|小|阿)[\u4e00-\u9fff]$|^[\u4e00-\u9fff](?:总|工|董)$|^[\u4e00-\u9fff]{1,3}(?:经理|总监|老师|主任|院长|校长|书记|处长|科长|局长|会长|秘书长|厂长|教授|博士|董|副总|部长|先生|女士|师傅|店长|班长|同志)$"
)
# 金穗面业刘总: a firm and who speaks for it, with nothing between.
TOGETHER = re.compile(
    "^([\u4e00-\u9fffA-Za-z]{4,8}?)([\u4e00-\u9fff](?:总|姐|哥|董|经理|厂长|主任|老板|工|师傅))$"
)
OFFICE_FIRST = re.compile("^((?:园区|开发区|区)?(?:管委会|管理处|专班|服务中心|链办))[\u4e00-\u9fff]{2,4}$")
TITLED = r"(?=(?:公司)?(?:法定代表人|创始人|董事长|副?总经理|负责人|副?厂长|总监|技术总监|人事|HR|经理|老板|代表)|等(?:企业|公司|单位))"


class Directory:
    """The organisations of one text and where each is mentioned."""

    def __init__(self, text: str, lines: Sequence[Line], known: Iterable[Known]) -> None:
        self.text = text
        self.known = {normalise(readable(one.name).text): one for one in known}
        self._index = NameIndex([(name, name) for name in self.known]) if self.known else None
        spoken = [line for line in lines if line.role != "noise"]
        self._places = places_in(text)
        # Where a meeting is held is a place, even if an office has its name.
        found = [
            one
            for line in spoken
            for one in mentions_in(text, line.begin, line.end, self._places)
            if not (re.search("地点|地址", line.field) and one.name.endswith("服务中心"))
        ]
        found = as_schools(found, self._places)
        found = self._with_known(found, spoken)
        self.names: dict[str, str] = {}  # any form -> the name it stands for
        self._settle(found)
        found += self._labels(lines)
        found += self._aliases(found, spoken)
        found += self._titled(found, spoken)
        self.kinds: dict[str, str] = {}
        for one in found:
            self.kinds.setdefault(self.name_of(one), one.kind)
        self.hosts = {self.name_of(one): self.names.get(one.host, one.host) for one in found if one.host}
        self.mentions = sorted(found, key=lambda one: (one.begin, -one.end))
        whole = {(one.begin, one.end): one for one in self.mentions}
        signed = [
            whole[line.begin, line.end]
            for line in lines
            if line.role in ("heading", "item", "content") and (line.begin, line.end) in whole
        ]
        # The last line that is nothing but a name signs the paper.
        self.signed = (
            self.speaker_of(self.name_of(signed[-1]))
            if signed and not any(line.chat for line in lines)
            else ""
        )
        self._begins = [one.begin for one in self.mentions]

    def name_of(self, mention: Mention) -> str:
        return self.names.get(mention.name, mention.name)

    def within(self, begin: int, end: int) -> list[Mention]:
        """The mentions of a stretch, where one lies in another the longer: a branch, not its firm."""
        first, last = bisect_left(self._begins, begin), bisect_left(self._begins, end)
        longest: list[Mention] = []
        for one in self.mentions[first:last]:
            if one.end <= end and not (longest and one.end <= longest[-1].end):
                longest.append(one)
        return longest

    def speaker_of(self, name: str) -> str:
        """Who acts when a branch does: its host."""
        return self.hosts.get(name, name) if self.kinds.get(name) == "party_branch" else name

    def only(self, *kinds: str) -> str:
        """The one organisation of these kinds, if there is just one."""
        names = [name for name, kind in self.kinds.items() if kind in kinds]
        return names[0] if len(names) == 1 else ""

    def last_before(self, place: int, kinds: Sequence[str]) -> str:
        """The organisation of these kinds that was named last before a place of the text, else the only one."""
        before = self.mentions[: bisect_left(self._begins, place)][-200:]
        named = [one for one in before if one.end <= place and one.kind in kinds]
        return self.name_of(max(named, key=lambda one: one.end)) if named else self.only(*kinds)

    @property
    def author(self) -> str:
        """Whose paper it is, by 我校 and 我处; else the only school, else the only office."""
        if self.signed:
            return self.signed
        for words, kinds in (
            ("我[校院]", ("school", "college")),
            ("我[局处办]|我中心|管理处", ("office",)),
            ("我会", ("association",)),
        ):
            if re.search(words, self.text) and self.only(*kinds[:1]):
                return self.only(*kinds[:1])
        return self.only("school") or self.only("college", "institute") or self.only("office")

    def listed(self) -> list[Organisation]:
        """Every organisation with its forms, by place of its first mention; offsets count the readable text."""
        forms: dict[str, dict[str, int]] = {}
        for one in self.mentions:
            own = forms.setdefault(self.name_of(one), {})
            own.setdefault(self.text[one.begin : one.end], one.begin)
        school = self.only("school")
        listed = []
        for name, said in forms.items():
            kind: OrganisationKind = self.kinds[name]  # type: ignore[assignment]
            known, certainty = self._known(name)
            of = self.hosts.get(name, school if kind == "college" else "")
            listed.append(
                Organisation(
                    name,
                    kind,
                    tuple(said),
                    min(said.values()),
                    of,
                    known.name if known else "",
                    known.code if known else "",
                    certainty,
                )
            )
        return listed

    def resolved(self, words: str) -> str:
        """The organisation that a label or a cell means, or nothing."""
        words = words.strip()
        named = [one for one in mentions_in(words, 0, len(words), self._places) if one.kind != "party_branch"]
        if named:
            meant = max((one for one in named if one.begin == named[0].begin), key=lambda one: one.end)
            return self.names.get(meant.name, meant.name)
        if words in self.names:
            return self.names[words]
        return self.shorts.get(words, "")

    def holding(self, words: str) -> str:
        """The one organisation whose name has these words in it: 华裳服饰 of 锦屏华裳服饰有限公司."""
        names = {self.speaker_of(name) for name in self.kinds if len(words) >= 3 and words in name}
        return next(iter(names)) if len(names) == 1 else ""

    def _known(self, name: str) -> tuple[Known | None, float]:
        if not self._index:
            return None, 0.0
        plain = normalise(name)
        if plain in self.known:
            return self.known[plain], 1.0
        for likely in self._index.likely(name, 1):
            known = self.known[likely.code]
            # A branch or a college is not its host, however alike the names are.
            if likely.score >= CERTAIN and (known.kind or kind_of(known.name)) == self.kinds[name]:
                return known, round(likely.score, 3)
        return None, 0.0

    def _with_known(self, found: list[Mention], lines: list[Line]) -> list[Mention]:
        """The registry's own spelling, wherever it stands, goes before what rules see in its place."""
        names = {readable(one.name).text: one for one in self.known.values() if len(one.name) >= 3}
        if not names:
            return found
        phrases = Phrases(names)
        exact = [
            Mention(line.begin + at, line.begin + at + len(name), name, names[name].kind or kind_of(name))
            for line in lines
            for at, name in phrases.apart(self.text[line.begin : line.end])
        ]
        # 江苏大学 of the registry is not meant by 江苏大学机械学院, nor a firm by its own branch.
        longest = [0] * len(self.text)
        for one in found:
            for at in range(one.begin, one.end):
                longest[at] = max(longest[at], one.end - one.begin)
        exact = [one for one in exact if longest[one.begin] <= one.end - one.begin]
        taken = self._taken(exact)
        kept = [
            one
            for one in found
            if one.kind in ("party_branch", "college") or not any(taken[one.begin : one.end])
        ]
        return kept + exact + self._known_by_short(names, kept + exact, lines)

    def _known_by_short(
        self, names: Mapping[str, Known], found: list[Mention], lines: list[Line]
    ) -> list[Mention]:
        """博智咨询 for 江苏博智工程咨询有限公司, where one firm of the registry alone is called so."""
        owners: dict[str, set[str]] = {}
        for name, known in names.items():
            for form in short_forms(name, known.kind or kind_of(name)):
                if len(form) >= 4:
                    owners.setdefault(form, set()).add(name)
        forms = {form: next(iter(of)) for form, of in owners.items() if len(of) == 1 and form not in names}
        if not forms:
            return []
        phrases, taken = Phrases(forms), self._taken(found)
        return [
            Mention(begin, begin + len(form), forms[form], names[forms[form]].kind or kind_of(forms[form]))
            for line in lines
            for at, form in phrases.apart(self.text[line.begin : line.end])
            if not any(taken[(begin := line.begin + at) : begin + len(form)])
        ]

    def _settle(self, found: list[Mention]) -> None:
        """One name for 江苏博智工程咨询有限公司 and 博智工程咨询公司, 清河学院食品工程学院 and 食品工程学院."""
        by_kind: dict[str, list[str]] = {}
        for one in found:
            names = by_kind.setdefault(one.kind, [])
            if one.name not in names:
                names.append(one.name)
        for kind, names in by_kind.items():
            index = (
                NameIndex([(name, name) for name in names])
                if len(names) > 1 and kind == "enterprise"
                else None
            )
            for name in names:
                longer = [
                    other
                    for other in names
                    if other != name and len(other) > len(name) and means(name, other)
                ]
                if not longer and index:
                    longer = [
                        o.code
                        for o in index.likely(name, 2)
                        if len(o.code) > len(name) and o.score >= ALIKE and same_brand(name, o.code)
                    ]
                self.names[name] = longer[0] if len(longer) == 1 else name

    def _aliases(self, found: list[Mention], lines: list[Line]) -> list[Mention]:
        """Mentions by names that the text introduces (以下简称“…”) or that shorten its own."""
        self.shorts: dict[str, str] = {**getattr(self, "shorts", {})}
        for one in found:
            if called := CALLED.match(self.text[one.end : one.end + 40]):
                self.shorts[called[1].strip()] = self.name_of(one)
        short: dict[str, set[str]] = {}
        for one in found:
            name = self.name_of(one)
            for form in short_forms(name, one.kind):
                short.setdefault(form, set()).add(name)
        names = {self.name_of(one) for one in found}
        for form, owners in short.items():
            if len(owners) == 1 and form not in names and form not in self.names:
                self.shorts.setdefault(form, next(iter(owners)))
        for school in {self.name_of(one) for one in found if one.kind == "school"}:
            for form in letters_of(school, self.text):
                self.shorts.setdefault(form, school)
        forms = [form for form in self.shorts if len(form) >= 2]
        self.names |= self.shorts
        phrases = Phrases(forms)
        taken, kinds = self._taken(found), {self.name_of(one): one.kind for one in reversed(found)}
        return [one for line in lines for one in self._by_short(line, phrases, taken, kinds)]

    def _taken(self, found: list[Mention]) -> bytearray:
        """For every character of the text whether a name covers it."""
        taken = bytearray(len(self.text))
        for one in found:
            taken[one.begin : one.end] = b"\x01" * (one.end - one.begin)
        return taken

    def _by_short(
        self, line: Line, phrases: Phrases, taken: bytearray, kinds: Mapping[str, str]
    ) -> list[Mention]:
        mentions = []
        for at, form in phrases.apart(self.text[line.begin : line.end]):
            begin, end = line.begin + at, line.begin + at + len(form)
            if not any(taken[begin:end]):
                name = self.shorts[form]
                mentions.append(Mention(begin, end, name, kinds.get(name, "enterprise")))
        return mentions

    def _labels(self, lines: Sequence[Line]) -> list[Mention]:
        """Firms that only a chat's labels name: 王经理-宏泰建材, 老周(鼎盛铸造)."""
        self.shorts = {}
        mentions = []
        for line in lines:
            if not (line.chat and line.role == "heading" and line.label):
                continue
            at = self.text.rfind(line.label, line.begin, line.end)
            parts = [part for part in re.split(r"[-—_/|（）()\s·@]+", line.label) if part]
            if (
                len(parts) == 1
                and (together := TOGETHER.match(parts[0]))
                and not mentions_in(parts[0], 0, len(parts[0]))
            ):
                parts = list(together.groups())
            elif len(parts) == 1 and (office := OFFICE_FIRST.match(parts[0])):
                parts = [office[1], parts[0][office.end(1) :]]
            for part in parts:
                if len(parts) < 2 and not trade_at_end(part):
                    continue
                if re.fullmatch("(?:园区|开发区|区)?(?:管委会|管理处|专班|服务中心|链办)", part):
                    begin = self.text.find(part, line.begin, line.end)
                    mentions.append(Mention(begin, begin + len(part), part, "office"))
                    self.shorts[part] = part
                    continue
                if (
                    PERSON.match(part)
                    or mentions_in(part, 0, len(part))
                    or not re.fullmatch("[\u4e00-\u9fffA-Za-z0-9]{3,12}", part)
                ):
                    continue
                begin = self.text.find(part, max(at, line.begin), line.end)
                others_are_people = any(PERSON.match(other) for other in parts if other != part)
                if begin >= 0 and (trade_at_end(part) or others_are_people or self._registered(part)):
                    name = self._registered(part) or part
                    self.shorts[part] = name
                    office = re.search("(?:街道|社区|镇|园区|开发区|管委会|专班)$", name)
                    mentions.append(
                        Mention(begin, begin + len(part), name, "office" if office else kind_of(name))
                    )
        return mentions

    def _registered(self, part: str) -> str:
        if not self._index:
            return ""
        return next((self.known[o.code].name for o in self._index.likely(part, 1) if o.score >= ALIKE), "")

    def _titled(self, found: list[Mention], lines: list[Line]) -> list[Mention]:
        """鼎新食品总经理李某: a short name ends with its trade, and a title follows."""
        trades = "|".join(word for word, kind in words_of("trades.tsv").items() if kind == "trade")
        pattern = re.compile(rf"(?:^|(?<=[，。；：、“（\s]))[\u4e00-\u9fff]{{2,6}}?(?:{trades}){TITLED}")
        taken = self._taken(found)
        mentions = []
        for line in lines:
            for match in pattern.finditer(self.text, line.begin, line.end):
                begin, end = match.span()
                if any(taken[begin:end]) or re.search("企业|行业|产业|家", match.group()):
                    continue
                name = self._registered(match.group()) or match.group()
                mentions.append(Mention(begin, end, name, kind_of(name)))
        return mentions
