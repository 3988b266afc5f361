"""What a briefing says, as lines of a document: sentences from templates, tables from figures."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from lianqiao.core.actor import Actor
from lianqiao.insight.analysis import Analysis, Proposal, analysis_of
from lianqiao.insight.catalogue import BY_CODE
from lianqiao.insight.period import Period
from lianqiao.insight.queries.asked import Asked
from lianqiao.insight.scope import Scope
from lianqiao.insight.sentences import STUCK, Sentence, three
from lianqiao.insight.standing import Board, Standing
from lianqiao.insight.words import GROUPS, label_of, number_of
from lianqiao.registry.models import Chain

Line = dict[str, Any]
# untranslated: the numbers of headings in an official paper
NUMBERS = "一二三四五六七"
# untranslated: a date of an official paper
DAY = "Y年n月j日"
MOST_PROPOSALS = 8
BROKEN_DOWN = ("needs", "agreements", "projects", "outcomes", "coverage", "dimensions")


def briefing_of(
    chain: Chain, period: Period, actor: Actor, today: date
) -> tuple[str, list[Line], list[dict[str, Any]]]:
    """(title, lines of the document, figures as they were), in the language of official papers."""
    with override(settings.LANGUAGE_CODE):
        board = Board(Asked(Scope(chain.pk), period, today), BY_CODE)
        standings = board.standings()
        analysis = analysis_of(chain, actor, today)
        title = _("%(chain)s“双提升”简报") % {"chain": chain.name}
        lines = list(lines_of(title, chain, period, standings, analysis, today))
        return f"{title}（{period.label}）", lines, [kept(one) for one in standings]


def lines_of(
    title: str, chain: Chain, period: Period, standings: list[Standing], analysis: Analysis, today: date
) -> Iterator[Line]:
    heading = Headings()
    yield {"type": "title", "text": title}
    yield {"type": "centre", "text": f"（{period.label}）"}
    yield heading(_("总体情况"))
    for sentence in three(standings, analysis.proposals):
        yield {"type": "body", "text": sentence_words(sentence)}
    yield heading(_("主要指标"))
    yield figures_table([one for one in standings if one.figure.code not in STUCK])
    yield heading(_("待解决的问题"))
    yield figures_table([one for one in standings if one.figure.code in STUCK])
    yield heading(_("分项情况"))
    for standing in standings:
        if standing.figure.code in BROKEN_DOWN:
            yield from parts_tables(standing)
    yield heading(_("强链补链延链建议"))
    for proposal in analysis.proposals[:MOST_PROPOSALS]:
        yield {"type": "body", "text": proposal_words(proposal)}
    if not analysis.proposals:
        yield {"type": "body", "text": _("按现在的规则，没有需要提出的环节。")}
    yield heading(_("指标说明"))
    for standing in standings:
        words = {
            "name": standing.figure.name,
            "definition": standing.figure.definition,
            "formula": standing.figure.formula,
        }
        yield {"type": "body", "text": _("%(name)s：%(definition)s计算方法：%(formula)s。") % words}
    yield {
        "type": "body",
        "text": _("以上数字由平台记录算出，截至 %(day)s。")
        % {"day": date_format(min(today, period.last), DAY)},
    }
    yield {"type": "number", "text": chain.office.name}
    yield {"type": "number", "text": date_format(today, DAY)}


class Headings:
    """一、二、三、 in their order."""

    def __init__(self) -> None:
        self.numbers = iter(NUMBERS)

    def __call__(self, text: str) -> Line:
        return {"type": "heading", "text": f"{next(self.numbers)}、{text}"}


def figures_table(standings: list[Standing]) -> Line:
    heads = [_("指标"), _("本期"), _("单位"), _("上期"), _("变化"), _("记录数")]
    rows = [
        [
            str(one.figure.name), one.number, str(one.figure.unit), one.before_number, one.change_number or "—",
            f"{one.measured.rows:,}",
        ]
        for one in standings
    ]  # fmt: skip
    return {"type": "table", "heads": heads, "rows": rows}


def parts_tables(standing: Standing) -> Iterator[Line]:
    for group, parts in standing.parts:
        yield {"type": "body", "text": f"{standing.figure.name}（{GROUPS.get(group, group)}）"}
        rows = [[label_of(part), number_of(part)] for part in parts]
        yield {
            "type": "table",
            "heads": [str(GROUPS.get(group, group)), str(standing.figure.unit)],
            "rows": rows,
        }


def sentence_words(sentence: Sentence) -> str:
    return plain("insight/sentence.html", {"sentence": sentence})


def proposal_words(proposal: Proposal) -> str:
    return plain("insight/proposal.html", {"proposal": proposal})


def plain(template: str, facts: dict[str, Any]) -> str:
    """The words of a template of a page, for paper."""
    return unescape(" ".join(render_to_string(template, facts).split()))


def kept(standing: Standing) -> dict[str, Any]:
    return {"code": standing.figure.code, "before": standing.before, **standing.measured.facts()}
