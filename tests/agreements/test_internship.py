"""What an internship agreement is told by the national rules, each finding with its article and its clause."""

from datetime import date

import pytest
from django.urls import reverse

from lianqiao.agreements.actions.editing import write_clauses
from lianqiao.agreements.defaults import defaults_of
from lianqiao.agreements.fields import field
from lianqiao.agreements.internship import findings
from lianqiao.agreements.models import Agreement
from lianqiao.agreements.queries import last_version
from lianqiao.agreements.text import read_clauses
from tests.agreements import rows

TODAY = date(2026, 11, 23)
TYPED = {
    "实习专业": "建筑工程技术", "专业大类": "土木建筑大类", "实习岗位": "施工员", "实习地点": "云川区一号工地",
    "年级": "三年级", "年龄": "19", "实习报酬": "每月 3000 元",
}  # fmt: skip


def found(*added, starts=date(2026, 12, 1), ends=date(2027, 5, 31), signed=False, without=(), **typed):
    clauses = [c for c in defaults_of("internship")["clauses"] if c["key"] not in without]
    clauses += [{"key": f"x{n}", "title": "补充", "text": text} for n, text in enumerate(added)]
    fields = {name: field(value, "typed") for name, value in (TYPED | typed).items()}
    rows_read = list(read_clauses(clauses, fields))
    return [
        (each.rule.code, each.rule.article, each.clause, each.rule.severity)
        for each in findings(rows_read, fields, starts_on=starts, ends_on=ends, today=TODAY, is_signed=signed)
    ]


def test_default_internship_agreement_has_no_finding():
    assert found() == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("接收一年级学生参加岗位实习。", ("first_year", "16(1)", "x0", "error")),
        ("可以接收未满十六周岁的学生。", ("too_young", "16(2)", "x0", "error")),
        ("学生可到所属酒吧和KTV轮岗。", ("places", "16(5)", "x0", "error")),
        ("由某人力资源公司代为管理。", ("agency", "16(6)", "x0", "error")),
        ("学生从事Ⅲ级强度体力劳动。", ("heavy_labour", "16(7)", "x0", "error")),
        ("学生交押金 500 元。", ("fees", "", "x0", "error")),
        ("因工期需要可安排夜班。", ("overtime", "", "x0", "warning")),
        ("学生可跨专业大类上岗。", ("other_class", "", "x0", "error")),
    ],
)
def test_clause_that_says_what_is_forbidden_is_named(text, finding):
    assert found(text) == [finding]
    assert found(f"不得{text}") == []


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("consent", ["consent"]),
        ("no_fees", ["no_fees"]),
        ("safety", ["insurance"]),
        ("preamble", ["signed_first"]),
    ],
)
def test_clause_that_is_missing_is_named(key, codes):
    assert [each[0] for each in found(without=[key])] == codes


def test_fields_that_break_a_rule_are_named():
    assert found(年级="一年级") == [("first_year", "16(1)", "post", "error")]
    assert found(年龄="15") == [("too_young", "16(2)", "", "error")]
    assert found(实习地点="金色年华夜总会") == [("places", "16(5)", "post", "error")]
    assert found(ends=date(2027, 8, 31)) == [("too_long", "", "", "warning")]
    assert found(starts=date(2026, 11, 1), ends=date(2027, 4, 30)) == [("signed_late", "", "", "error")]
    assert found(starts=date(2026, 11, 1), ends=date(2027, 4, 30), signed=True) == []


@pytest.mark.django_db
def test_agreement_detail_of_an_internship_shows_findings_with_their_article(login, pair, office, staff):
    row = rows.drafted(pair, "internship", by=office, student="陈晓雨", ends_on=date(2027, 5, 31))
    rows.fill(row, office, **TYPED)
    clauses = last_version(row).clauses
    write_clauses(row, [*clauses, {"key": "bar", "title": "轮岗", "text": "可到酒吧轮岗。"}], by=office)
    body = login(staff).get(reverse("agreement_detail", args=[row.pk])).content.decode()

    assert "第 16(5) 条" in body
    assert "可到酒吧轮岗" in body
    assert Agreement.objects.get().title.endswith("学生岗位实习三方协议")
