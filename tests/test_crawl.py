"""Everything that each role can open, read for words that are not meant for it."""

import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.http import Http404
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from lianqiao.api.urls import operations
from lianqiao.core.actor import PUBLIC
from tests.api.conftest import caller
from tests.planting import SIGN, World

pytestmark = pytest.mark.postgresql_tells

__all__ = ["caller"]
# What a number in an address is the key of: by the first word of the page's name, or of the API's path.
KEYS = {
    "match": "match", "matches": "match", "pairing": "pairing", "pairings": "pairing", "round": "round", "rounds": "round",
    "weighting": "weighting", "entry": "entry", "entries": "entry", "asking": "entry", "agreement": "agreement",
    "agreements": "agreement", "remark": "remark", "scan": "scan", "obligation": "obligationdate",
    "obligations": "obligationdate", "template": "agreementtemplate", "project": "project", "projects": "project",
    "milestone": "milestone", "evidence": "evidence", "outcome": "outcome", "outcomes": "outcome", "claim": "claim",
    "briefing": "briefing",
}  # fmt: skip
LINK = re.compile(r'(?:href|hx-get|src)="(/[^"#]*)')
ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
# Its number too: how well they fit is told to the office alone.
MARK = re.compile(
    rf"{SIGN}[甲乙][\u4e00-\u9fff]+?(?=[^\u4e00-\u9fff]|担任|$)|0\.918273|91\.8|0\.827364|82\.7"
)
# Every page of these apps, and of the others those where they are told of; with `LIANQIAO_CRAWL=whole` every page of the
# product, every row and every link, which takes minutes.
APPS, BESIDE = (
    {"matching", "agreements", "projects", "insight"},
    {"home", "notice_list", "entry_detail", "organisation_detail"},
)
SHOWING = {"detail", "open", "download"}
WHOLE = os.environ.get("LIANQIAO_CRAWL") == "whole"
# Seconds each, for the words of the same page in Word.
SLOW = {"agreement_pdf"}
VARIANTS = 6  # of one path, with other questions


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Made once; each test works in a savepoint inside."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with media, django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def patterns(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern) and not entry.callback.policy.by_operation:
            yield route, entry


PAGES = list(patterns())
GETS = [row for row in operations() if row["method"] == "GET"]


def keys_of(world: World, word: str, whole: bool) -> list[int]:
    """What a page shows depends on the row; for a form one row is enough, the first of the first story."""
    rows = [row.pk for row in world.rows.get(KEYS.get(word, ""), [])]
    most = len(rows) if WHOLE or (whole and KEYS.get(word) != "entry") else 1
    return rows[:most]


def addresses(world: World, role: str) -> Iterator[str]:
    for route, entry in PAGES:
        app = entry.callback.__module__.split(".")[1]
        if role not in entry.callback.policy.read or (
            app not in APPS and entry.name not in BESIDE and not WHOLE
        ):
            continue
        if entry.name in SLOW and not WHOLE:
            continue
        if "<" not in route:
            yield f"/{route}"
        elif route.count("<") == 1 and "<int:pk>" in route:
            word, _, what = str(entry.name).partition("_")
            for pk in keys_of(world, word, what in SHOWING):
                yield f"/{route.replace('<int:pk>', str(pk))}"


def calls(world: World, role: str) -> Iterator[str]:
    for row in GETS:
        if "GET" not in row["policy"][role]:
            continue
        path = row["path"].removeprefix("/api")
        if "{" not in path:
            yield path
        elif path.count("{") == 1:
            for pk in keys_of(world, path.split("/")[1], path.endswith("}")):
                yield re.sub(r"\{[^}]*\}", str(pk), path)


def may_open(path: str, role: str) -> bool:
    try:
        policy = getattr(resolve(path.partition("?")[0]).func, "policy", None)
    except Http404:
        return False
    return policy is not None and not policy.by_operation and role in policy.read


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return told(content) + unquote(str(answer.headers))


def told(content: bytes) -> str:
    """Archives opened, inside of each other too; what is written by its number is written out."""
    if content[:4] == b"PK\3\4":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(f"{name}\n{told(archive.read(name))}" for name in archive.namelist())
    plain = ESCAPED.sub(lambda found: chr(int(found[1], 16)), content.decode(errors="replace"))
    return unescape(plain)


class Crawl:
    """What one person was shown: `seen` are the marks, each with where it stood first."""

    def __init__(self, world: World, role: str, client: Any, program: Any) -> None:
        self.world, self.role, self.client, self.program = world, role, client, program
        self.opened: dict[str, int] = {}
        self.variants: dict[str, int] = {}
        self.seen: dict[str, str] = {}
        self.found: set[str] = set()
        self.kinds: set[str] = set()

    def run(self) -> "Crawl":
        waiting = list(addresses(self.world, self.role))
        while waiting:
            waiting += self.open(waiting.pop(0))
        for path in calls(self.world, self.role):
            self.note(f"/api{path}", self.program.get(path))
        return self

    def open(self, url: str) -> list[str]:
        path = url.partition("?")[0]
        if url in self.opened or self.variants.get(path, 0) > VARIANTS:
            return []
        self.variants[path] = self.variants.get(path, 0) + 1
        answer = self.client.get(url)
        text = self.note(url, answer)
        if answer.status_code in (301, 302):
            return [answer.url] if answer.url.startswith("/") and may_open(answer.url, self.role) else []
        if "html" not in answer.headers.get("Content-Type", ""):
            return []
        found = {unescape(link) for link in LINK.findall(text)}
        followed = [link for link in sorted(found) if may_open(link, self.role) and self.is_new(link)]
        return followed + self.variants_of(path, answer)

    def is_new(self, link: str) -> bool:
        """One of each kind: a page that nothing but this link leads to, or a question that was not asked there."""
        path, _, query = link.partition("?")
        name = resolve(path).view_name
        kind = f"{name} {sorted(part.partition('=')[0] for part in query.split('&'))}"
        if (kind in self.kinds or name in SLOW) and not WHOLE:
            return False
        self.kinds.add(kind)
        return True

    def variants_of(self, path: str, answer: Any) -> list[str]:
        """Of a list: all columns as a workbook, and what a search for the sign of all marks finds."""
        listing = answer.context and answer.context.get("listing")
        if not listing or "?" in answer.wsgi_request.get_full_path():
            return []
        if listing.form is not None and "q" in listing.form.fields:
            hits = self.client.get(path, {"q": SIGN})
            self.found |= {f"{path} {row}" for row in hits.context["listing"].page if SIGN not in str(row)}
        columns = "&".join(f"columns={column.name}" for column in listing.every_column)
        return [f"{path}?{columns}&export=xlsx"]

    def note(self, url: str, answer: Any) -> str:
        self.opened[url] = answer.status_code
        assert answer.status_code < 500, url
        text = text_of(answer)
        for mark in MARK.findall(text):
            self.seen.setdefault(mark, url)
        return text


@pytest.fixture
def crawl(world, login, caller, db) -> Callable[[str], Crawl]:
    def run(who: str) -> Crawl:
        held = world.held[who]
        role = held.role if held else PUBLIC
        program = caller(held)
        return Crawl(world, role, login(held), program).run()

    return run


NEED, OFFER = {"firm"}, {"college", "coordinator"}
SIDES, KNOWS, LOOKS = NEED | OFFER, {"office", "auditor"}, {"leader", "liaison"}
# Who reads what of the story of `firm` and `college`; of the other story the same, with the other places.
MAY_READ = {
    frozenset(KNOWS): "不结对 作废原因 学习依据 条款库 模板 草稿名 草稿条款 草稿条款约定 草稿条款说明 调整理由 项目谢绝原因 咨询人 轮次规则",
    frozenset(KNOWS | NEED): "需方供方谢绝的 需方在谈 需方有链接的 需方需方谢绝的 需方谢绝 项目草稿",
    frozenset(KNOWS | OFFER): "供方供方谢绝的 供方在谈 供方有链接的 供方需方谢绝的 供方谢绝",
    # What the two talk about, and what they keep of it.
    frozenset(KNOWS | SIDES): (
        "方案 方案说明 送审名 送审条款 送审条款约定 送审条款说明 协议条款说明 意见 意见答复 导师 学员 学员的导师 培养方向 联络人 误签人 误签原因 "
        "扫描件 承接计划 工作记录 佐证名 佐证编号 成果说明 成果异议 退回原因 被谢绝项目"
    ),
    frozenset(KNOWS | SIDES | {"leader"}): "结对结束",
    # What was agreed, and how it goes on.
    frozenset(KNOWS | SIDES | LOOKS): (
        "协议名 协议条款 协议条款约定 已成方案 代表 签字人 履行情况 履约异议 终止原因 档案柜 待答复项目 节点"
    ),
    # The third place's own words, which its school reads too.
    frozenset(KNOWS | {"sister", "coordinator"}): "退出计划 退出原因",
    frozenset(KNOWS | LOOKS): "简报名 简报正文",
}  # fmt: skip
OTHER = {"firm": "rival", "college": "academy", "coordinator": "principal", "sister": "stranger"}
TABLE = {f"{SIGN}甲{word}": set(readers) for readers, words in MAY_READ.items() for word in words.split()}
TABLE |= {
    # The third place of the other story is an enterprise: no school stands above it.
    mark.replace("甲", "乙"): {OTHER.get(who, who) for who in readers} - ({"principal"} if mark.endswith(("退出计划", "退出原因")) else set())
    for mark, readers in TABLE.items()
}  # fmt: skip
TABLE |= dict.fromkeys(["0.918273", "91.8", "0.827364", "82.7"], KNOWS)
# Planted, and told to nobody on a page: whom to ask stands behind the link, rules are read before the round was run.
UNTOLD = {f"{SIGN}{name}{word}" for name in "甲乙" for word in ("咨询人", "轮次规则")}
if not WHOLE:
    UNTOLD.add(f"{SIGN}乙条款库")  # behind the second link of its kind
SEARCHES = KNOWS | NEED | {"rival"}  # a search for one's own contact finds the own need
QUICK = ["auditor", "leader", "rival", "college", "sister", "student", PUBLIC]
EVERYBODY = [
    "office", "auditor", "leader", "liaison", "firm", "rival", "stranger", "college", "sister", "coordinator", "academy", "principal",
    "student", "mentor", "other office", "administrator", PUBLIC,
]  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY if WHOLE else QUICK)
def test_marks_are_read_by_those_whom_they_are_meant_for_and_by_nobody_else(crawl, who):
    seen = crawl(who)

    leaks = {mark: where for mark, where in seen.seen.items() if who not in TABLE.get(mark, set())}
    assert leaks == {}
    # And whoever may read them finds them, all of them: else nothing would be found anywhere.
    assert {mark for mark, readers in TABLE.items() if who in readers} - set(seen.seen) - UNTOLD == set()
    assert bool(seen.found) == (who in SEARCHES)
