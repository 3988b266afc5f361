"""What an internship agreement must and must not say, by 《职业学校学生实习管理规定》 (教职成〔2021〕4号).

The rules are data. Article 16 was checked against a published text; where the article of a rule is not known to us
it is left empty, and the page says so, rather than one being made up. A finding is a hint for people who read the
text: it decides nothing, and it cannot see what nobody wrote down.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.fields import Field, value
from lianqiao.agreements.text import ClauseRead

# untranslated: how the rule is quoted
SOURCE = "教职成〔2021〕4号"
USUAL_MONTHS = 6
YOUNGEST = 16


@dataclass(frozen=True)
class Rule:
    """`forbidden` says it unless the sentence negates it; `required` must be said somewhere."""

    code: str
    article: str
    severity: str
    sentence: str | Promise
    forbidden: str = ""
    required: str = ""


@dataclass(frozen=True)
class Finding:
    """`clause` is the key of the clause, empty for what is missing in the whole text."""

    rule: Rule
    clause: str = ""
    title: str = ""
    quote: str = ""


# untranslated: words that a clause of an agreement says, as patterns
RULES = [
    Rule("first_year", "16(1)", "error", _("不得安排一年级在校学生进行岗位实习。"), forbidden=r"一年级|大一"),
    Rule("too_young", "16(2)", "error", _("不得安排未满 16 周岁的学生进行岗位实习。"), forbidden=r"未满(十六|16)周?岁"),
    Rule("minors_work", "16(3)", "error", _("不得安排未成年学生从事禁忌从事的劳动。"), forbidden=r"未成年[^。；]*禁忌"),
    Rule("womens_work", "16(4)", "error", _("不得安排女学生从事禁忌从事的劳动。"), forbidden=r"女(学生|职工)[^。；]*禁忌"),
    Rule("places", "16(5)", "error", _("不得安排到酒吧、夜总会、歌厅、洗浴中心、电子游戏厅、网吧等营业性娱乐场所实习。"), forbidden=r"酒吧|夜总会|歌厅|KTV|洗浴|浴场|足浴|电子游戏厅|游戏厅|网吧"),
    Rule("agency", "16(6)", "error", _("不得通过中介机构或有偿代理组织、安排和管理实习。"), forbidden=r"中介|有偿代理|劳务派遣|人力资源公司"),
    Rule("heavy_labour", "16(7)", "error", _("不得安排三级强度及以上的体力劳动。"), forbidden=r"(三|四|Ⅲ|Ⅳ|III|IV)级(强度)?[^。；]{0,6}体力劳动|体力劳动[^。；]{0,6}(三|四|Ⅲ|Ⅳ|III|IV)级"),
    Rule("fees", "", "error", _("不得向学生收取押金、管理费、提成等费用，不得扣押证件或要求担保。"), forbidden=r"押金|保证金|管理费|提成|培训费|材料费|就业服务费|扣押[^。；]{0,8}证|提供担保"),
    Rule("overtime", "", "warning", _("应遵守工作时间和休息休假的规定，一般不安排加班和夜班。"), forbidden=r"加班|夜班"),
    Rule("other_class", "", "error", _("不得跨专业大类安排实习。"), forbidden=r"跨专业大类"),
    Rule("signed_first", "", "error", _("应写明先签订协议、后开始实习。"), required=r"(签订|签署|订立)[^。；]{0,12}(之前|前)[^。；]{0,8}不|(开始|实习|上岗)之?前[^。；]{0,8}(签订|签署|订立)"),
    Rule("consent", "", "error", _("应取得学生及其监护人签字的知情同意书。"), required=r"知情同意"),
    Rule("no_fees", "", "warning", _("应写明不向学生收取费用。"), required=r"不(得)?(向学生)?(以[^。；]{0,8})?收取"),
    Rule("same_class", "", "warning", _("应写明岗位与所学专业对口或相近，不跨专业大类。"), required=r"专业对口|对口或相近|不跨专业大类"),
    Rule("insurance", "", "warning", _("应写明由谁投保实习责任保险。"), required=r"保险"),
]  # fmt: skip
LONG = Rule("too_long", "", "warning", _("岗位实习一般为六个月。"))
LATE = Rule("signed_late", "", "error", _("实习开始日期已过而协议尚未签订，应先签订协议再开始实习。"))
# untranslated: what turns a sentence round
NEGATION = re.compile(r"不|禁止|严禁|未经|无须|免收")
SENTENCE = re.compile(r"[^。；;\n]+")
NUMBER = re.compile(r"\d+")
# untranslated: the name of a field
AGE = "年龄"


def findings(
    clauses: Iterable[ClauseRead],
    fields: dict[str, Field],
    *,
    starts_on: date | None,
    ends_on: date | None,
    today: date,
    is_signed: bool,
) -> list[Finding]:
    """Errors first, in the order of the text."""
    rows = list(clauses)
    found = [each for rule in RULES for each in broken(rule, rows)]
    age = NUMBER.search(value(fields, AGE))
    if age and int(age[0]) < YOUNGEST:
        found.append(Finding(named("too_young"), quote=age[0]))
    if starts_on and ends_on and months_between(starts_on, ends_on) > USUAL_MONTHS:
        found.append(Finding(LONG, quote=f"{starts_on} – {ends_on}"))
    if starts_on and starts_on < today and not is_signed:
        found.append(Finding(LATE, quote=str(starts_on)))
    return sorted(found, key=lambda each: each.rule.severity)


def broken(rule: Rule, clauses: list[ClauseRead]) -> Iterator[Finding]:
    if rule.required:
        if not any(re.search(rule.required, said) for each in clauses for said in each.paragraphs):
            yield Finding(rule)
        return
    for clause in clauses:
        for said in sentences(clause):
            match = re.search(rule.forbidden, said, re.IGNORECASE)
            if match and not NEGATION.search(said[: match.start()]):
                yield Finding(rule, clause.key, clause.title, said.strip())
                break


def sentences(clause: ClauseRead) -> Iterator[str]:
    for paragraph in clause.paragraphs:
        yield from SENTENCE.findall(paragraph)


def named(code: str) -> Rule:
    return next(rule for rule in RULES if rule.code == code)


def months_between(first: date, last: date) -> int:
    """Full months begun: from 1 March to 31 August are six."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months + (last.day >= first.day)
