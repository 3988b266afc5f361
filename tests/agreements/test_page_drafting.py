"""Beginning a draft and writing on it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.agreements.actions import moves
from lianqiao.agreements.models import (
    Agreement,
)
from lianqiao.agreements.queries import last_version, parties_of
from lianqiao.core.actor import Role
from tests import factories as make
from tests.agreements import rows

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_tells]
PDF = b"%PDF-1.4 scanned"


def at(name, *args):
    return reverse(name, args=args)


def test_agreement_add_from_a_pairing(login, pair, staff):
    client = login(staff)
    answer = client.post(
        at("agreement_add"),
        {
            "pairing": pair.pk,
            "kind": "party_building",
            "starts_on": "2026-12-01",
            "ends_on": "2028-11-30",
            "student": "",
        },
    )
    row = Agreement.objects.get()

    assert answer.url == at("agreement_detail", row.pk)
    assert (
        client.get(f"{at('agreement_add')}?pairing={pair.pk}").context["form"]["pairing"].value() == pair.pk
    )


def test_agreement_add_of_an_internship_asks_for_the_student(login, pair, staff):
    client = login(staff)
    told = {"pairing": pair.pk, "kind": "internship", "starts_on": "", "ends_on": "2027-05-30", "student": ""}
    without = client.post(at("agreement_add"), told)
    client.post(at("agreement_add"), told | {"student": "陈晓雨"})

    assert without.context["form"].errors == {"student": ["实习协议由学生本人签字，请填写学生姓名。"]}
    assert [str(p) for p in parties_of(Agreement.objects.get())] == [
        "建造学院",
        "云川至安建筑劳务有限公司",
        "陈晓雨",
    ]


def test_agreement_add_of_another_chain_is_refused(login, pair):
    other = make.position(Role.OFFICE_STAFF)
    answer = login(other).post(at("agreement_add"), {"pairing": pair.pk, "kind": "party_building"})

    assert list(answer.context["form"].errors) == ["pairing"]


def test_agreement_blank_between_members(login, here, school, firm, staff):
    told = {
        "chain": here.pk,
        "kind": "other",
        "first": school.pk,
        "second": firm.pk,
        "third": "",
        "starts_on": "",
        "ends_on": "2027-12-31",
        "student": "",
    }
    login(staff).post(at("agreement_blank"), told)
    same = login(staff).post(at("agreement_blank"), told | {"second": school.pk})

    assert Agreement.objects.get().title == "云川建筑职业技术学院与云川至安建筑劳务有限公司合作协议"
    assert "second" in same.context["form"].errors


def test_agreement_from_matches_that_were_accepted(login, pair, staff):
    match = rows.match(pair)
    url = f"{at('agreement_from_matches')}?match={match.pk}"
    login(staff).post(
        url, {"kind": "school_enterprise", "starts_on": "", "ends_on": "2027-12-31", "student": ""}
    )

    assert list(Agreement.objects.get().matches.all()) == [match]
    assert login(staff).get(at("agreement_from_matches")).status_code == 404


def test_agreement_terms_fill_what_only_a_person_knows(login, pair, office, staff):
    rows.match(pair)
    row = rows.drafted(pair, "school_enterprise", by=office)
    client = login(staff)
    form = client.get(at("agreement_terms", row.pk)).context["form"]
    told = {bound.html_name: bound.value() or "" for bound in form}
    told |= {
        "ask0": "院长办公会",
        "ask1": "100",
        "ask2": "2",
        "represented_by2": "李建国",
        "starts_on": "2026-12-01",
        "ends_on": "2028-11-30",
    }
    assert client.post(at("agreement_terms", row.pk), told).status_code == 302
    fields = last_version(row).fields

    assert [fields[name]["value"] for name in ("决策会议", "培养人数", "乙方法定代表人")] == [
        "院长办公会",
        "100",
        "李建国",
    ]
    assert moves.send(row, by=office, now=timezone.now()).state == "review"
    assert client.get(at("agreement_terms", row.pk)).status_code == 404


def clause_rows(client, row):
    """The editor's form as a browser would send it back."""
    formset = client.get(at("agreement_edit", row.pk)).context["rows"]
    told = {
        f"{formset.prefix}-{name}": value
        for name, value in formset.management_form.initial.items()
        if value is not None
    }
    for form in formset:
        told |= {
            bound.html_name: typed(bound)
            for bound in form
            if typed(bound) is not None and typed(bound) is not False
        }
    return told


def typed(bound):
    """A list that nobody touched sends its first choice."""
    choices = getattr(bound.field, "choices", None)
    return choices[0][0] if choices and bound.value() is None else bound.value()


def test_agreement_edit_changes_order_text_and_promise(login, pair, office, staff):
    rows.match(pair)
    row = rows.drafted(pair, by=office)
    client = login(staff)
    told = clause_rows(client, row) | {"seen": last_version(row).version}
    keys = [clause["key"] for clause in last_version(row).clauses]
    goal = keys.index("goal")
    told |= {
        f"form-{goal}-times": "4",
        f"form-{goal}-ORDER": "99",
        f"form-{keys.index('principles')}-DELETE": "on",
    }
    told |= {
        f"form-{len(keys)}-title": "补充约定",
        f"form-{len(keys)}-text": "另行商定。",
        f"form-{len(keys)}-every": "once",
        f"form-{len(keys)}-by": "0",
    }
    answer = client.post(at("agreement_edit", row.pk), told)
    after = last_version(row).clauses

    assert answer.status_code == 302
    assert [clause["key"] for clause in after][:-2] == [
        key for key in keys if key not in ("goal", "principles")
    ]
    assert (after[-2]["key"], after[-2]["obligation"]["times"], after[-1]["title"]) == ("goal", 4, "补充约定")


def test_agreement_edit_of_what_somebody_changed_meanwhile_keeps_the_text(login, pair, office, staff):
    row = rows.drafted(pair, by=office)
    client = login(staff)
    told = clause_rows(client, row) | {"seen": 77, "form-1-text": "我写的目标"}
    answer = client.post(at("agreement_edit", row.pk), told)

    assert "已被他人修改" in answer.context["wrong"][0]
    assert "我写的目标" in answer.content.decode()


def test_clause_take_puts_a_clause_of_the_library_before_the_last(login, pair, office, staff):
    row = rows.drafted(pair, by=office)
    client = login(staff)
    client.post(at("clause_take", row.pk), {"key": "lecture"})
    unknown = client.post(at("clause_take", row.pk), {"key": "nothing"})
    keys = [clause["key"] for clause in last_version(row).clauses]

    assert (keys[-2:], unknown.status_code) == (["lecture", "copies"], 404)
