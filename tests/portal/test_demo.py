"""The demo: what it holds, that it is the same at each load, that it lets itself into an empty database only."""

from collections import Counter
from datetime import date

import pytest
from django.db import transaction
from django.db.models import Q
from stdnum.cn import uscc

from lianqiao.accounts.models import OneTimeLink, Person
from lianqiao.agreements.models import Agreement, AgreementParty, Obligation
from lianqiao.config.database import migrate
from lianqiao.core import audit
from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.models import AuditEntry
from lianqiao.lists.models import Entry
from lianqiao.matching import engine
from lianqiao.matching.actions.holding import inputs_now
from lianqiao.matching.actions.rounds import begin_round
from lianqiao.matching.models import Match, Pairing, Round
from lianqiao.matching.policy import RoundRules, RoundScope
from lianqiao.portal.demo.accounts import demo_logins, loaded_logins, loading_of_demo, one_per_role
from lianqiao.portal.demo.case import published_case
from lianqiao.portal.demo.codes import with_check_character
from lianqiao.portal.demo.content import PASSWORD, content
from lianqiao.portal.demo.loading import load_demo
from lianqiao.projects.models import Outcome, Project
from lianqiao.registry.models import (
    Accession,
    Chain,
    Organisation,
    PartyBranch,
    Position,
    ReferenceItem,
    Segment,
    Unit,
)
from lianqiao.registry.queries import actor_in, listed_organisations
from tests import factories as make

pytestmark = pytest.mark.sqlite_tells

BY = at_the_terminal("demo")
TODAY = make.today()


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Loaded once for this module; each test works in a savepoint inside."""
    with django_db_blocker.unblock(), transaction.atomic():
        migrate(by=BY, say=lambda text: None)
        load_demo(by=BY, today=TODAY)
        loaded_logins.cache_clear()
        yield
        transaction.set_rollback(True)
    loaded_logins.cache_clear()


def test_demo_holds_the_published_case_and_a_chain_around_it(demo, db):
    enterprises = Organisation.objects.filter(kind="enterprise")
    segments = Segment.objects.filter(chain__name="云龙区建筑行业产业链")

    assert Chain.objects.get().office.name == "淮海食品城管理处"
    assert enterprises.count() - len(real("enterprise")) == 43
    assert segments.count() == 12
    assert set(Role) == set(Position.objects.values_list("role", flat=True))
    assert segments.filter(memberships=None).values_list("name", flat=True).get() == "绿色建材回收"
    assert Accession.objects.get(organisation__name="江苏建筑职业技术学院").joined_on == date(2024, 10, 24)


def real(kind: str) -> list[dict]:
    return [o for o in content("organisations")["organisations"] if o["kind"] == kind and not o["invented"]]


def test_demo_says_of_real_organisations_only_what_was_published(demo, db):
    names = [facts["name"] for kind in ("enterprise", "school", "office") for facts in real(kind)]
    rows = Organisation.objects.filter(name__in=names)

    assert rows.count() == 5
    assert set(rows.values_list("credit_code", "address", "size", "classification")) == {(None, "", "", "")}
    assert not Position.objects.filter(organisation__in=rows).exists()
    for branch in PartyBranch.objects.filter(organisation__in=rows):
        assert (branch.number, branch.secretary, branch.members_here) == ("", "", None)


def test_demo_gives_invented_organisations_valid_codes_of_a_region_that_no_place_has(demo, db):
    codes = list(Organisation.objects.exclude(credit_code=None).values_list("credit_code", flat=True))
    without = [o["key"] for o in content("organisations")["organisations"] if o.get("without_credit_code")]
    invented = [o for o in content("organisations")["organisations"] if o["invented"]]

    assert len(codes) == len(set(codes)) == len(invented) - len(without)
    assert [code for code in codes if not uscc.is_valid(code)] == []
    assert {code[2:8] for code in codes} == {"329900"}
    assert {code[8:17] for code in codes if code[8:17] != with_check_character(code[8:16])} == set()


@pytest.mark.parametrize(
    ("body", "whole"),
    # Parts of published social credit codes whose own check digit is right; one ends in X.
    [("60003734", "600037341"), ("19220382", "192203821"), ("71526726", "71526726X")],
)
def test_organisation_codes_end_in_their_check_character(body, whole):
    assert with_check_character(body) == whole


def test_demo_region_codes_are_known_and_survive_a_national_edition(demo, db):
    regions = set(Organisation.objects.exclude(region="").values_list("region", flat=True))
    known = ReferenceItem.objects.filter(kind="region", code__in=regions)

    assert set(known.values_list("code", flat=True)) == regions
    assert all(item.facts == {"local": True} for item in known if item.code.startswith("3299"))


def test_demo_industry_and_major_codes_are_in_the_reference_tables(demo, db):
    industries = {
        code for codes in Organisation.objects.values_list("industries", flat=True) for code in codes
    }
    industries |= {code for codes in Segment.objects.values_list("industries", flat=True) for code in codes}
    majors = {code for codes in Unit.objects.values_list("majors", flat=True) for code in codes}

    assert (
        industries - set(ReferenceItem.objects.filter(kind="industry").values_list("code", flat=True))
        == set()
    )
    assert majors - set(ReferenceItem.objects.filter(kind="major").values_list("code", flat=True)) == set()


def test_demo_is_told_in_the_trail_and_the_trail_is_whole(demo, db):
    told = Counter(AuditEntry.objects.values_list("action", flat=True))

    assert told["registry.add_organisation"] == Organisation.objects.count()
    assert told["portal.load_demo"] == 1
    assert loading_of_demo().name == "lianqiao demo"
    assert audit.verify().is_whole


def test_demo_keeps_no_open_invitation(demo, db):
    assert not OneTimeLink.objects.exists()


def test_demo_people_can_log_in_with_the_shared_password(demo, db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

    hashes = set(Person.objects.values_list("password", flat=True))

    assert len(hashes) == 1
    assert Person.objects.get(username="wangjing").check_password(PASSWORD)


def test_demo_logins_name_one_for_each_role(demo, db, monkeypatch):
    monkeypatch.setenv("LIANQIAO_DEMO", "1")

    logins = demo_logins()

    assert [login.role for login in one_per_role()] == [str(role) for role in Role]
    assert len(logins) == Person.objects.count()
    assert logins[0].facts() == {
        "role": "office_admin",
        "role_label": "管理处党委管理员",
        "username": "wangjing",
        "password": PASSWORD,
        "name": "王静",
        "organisation": "云川区产业链服务中心（演示）",
        "unit": "党建工作科",
        "chain": "云龙区建筑行业产业链",
        "positions": [
            {
                "role": "office_admin",
                "role_label": "管理处党委管理员",
                "organisation": "云川区产业链服务中心（演示）",
                "unit": "党建工作科",
                "chain": "云龙区建筑行业产业链",
            }
        ],
    }
    both = next(login for login in logins if login.username == "tangxue")
    assert [held.role for held in both.positions] == ["enterprise_contact", "mentor"]


def test_demo_logins_are_nobodys_business_where_the_demo_is_not_served(demo, db, monkeypatch):
    monkeypatch.delenv("LIANQIAO_DEMO", raising=False)

    assert demo_logins() == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_demo_position_of_each_role_sees_the_chain(demo, db, role):
    held = next(row for row in Position.objects.filter(role=role).order_by("pk") if row.is_held(TODAY))

    actor = actor_in(held, held.person)

    assert actor.chains == {Chain.objects.get().pk}
    assert listed_organisations(actor).count() > 40


def test_demo_system_administrator_sees_no_content(demo, db):
    held = Position.objects.get(role=Role.SYSTEM_ADMIN)

    assert actor_in(held, held.person).chains == frozenset()


# untranslated: who was paired on 24 October 2024, as published
PUBLISHED = {
    "江苏博智工程咨询有限公司": "经管学院",
    "江苏启平建筑工程有限公司": "装饰学院",
    "江苏至尊建筑劳务有限公司": "建造学院",
}


def test_demo_round_finds_the_three_published_pairs_with_nothing_fixed_by_hand(demo, db):
    case, held = published_case(), Round.objects.get()

    assert {enterprise: college for college, enterprise, _ in case.pairs} == PUBLISHED
    assert all(reasons for _, _, reasons in case.pairs)
    assert (case.bound, case.gap_percent) == ("这就是最好的方案（已证明）。", 0.0)
    assert (held.scope, held.rules) == (RoundScope().plain(), RoundRules().plain())
    assert held.state == "ready"


def test_demo_finds_the_three_also_when_everything_in_the_lists_is_free(demo, db):
    with transaction.atomic():
        Match.objects.all().update(state="withdrawn")
        chain = Chain.objects.get()
        row = begin_round(by=BY, chain=chain, title="再来一轮")
        stored = engine.hold_round(inputs_now(row, by=BY, today=TODAY))
        transaction.set_rollback(True)

    entries = Entry.objects.select_related("organisation", "unit").in_bulk()
    plan = [
        (entries[int(m.need)].organisation.name, entries[int(m.offer)].unit) for m in stored.result.matches
    ]
    assert {who: unit.name for who, unit in plan if who in PUBLISHED} == PUBLISHED


def test_demo_says_nothing_of_real_organisations_beyond_the_plan(demo, db):
    real_ones = Organisation.objects.filter(name__in=[*PUBLISHED, "江苏建筑职业技术学院"])
    touched = Match.objects.filter(Q(enterprise__in=real_ones) | Q(giver__in=real_ones))

    assert set(touched.values_list("state", flat=True)) == {"planned"}
    assert not Pairing.objects.filter(Q(enterprise__in=real_ones) | Q(giver__in=real_ones)).exists()
    assert not AgreementParty.objects.filter(organisation__in=real_ones).exists()
    assert not Project.objects.filter(Q(sponsor__in=real_ones) | Q(holder__in=real_ones)).exists()


def test_demo_lets_a_visitor_go_on_at_every_step(demo, db):
    assert Counter(Match.objects.filter(round=None).values_list("state", flat=True)) == {
        "offered": 2,
        "accepted": 2,
    }
    assert Counter(Pairing.objects.values_list("state", flat=True)) == {"confirmed": 2}
    assert Counter(Agreement.objects.values_list("state", flat=True)) == {"signed": 1, "review": 1}
    assert Counter(Project.objects.values_list("state", flat=True)) == {"working": 1, "accepted": 1}
    assert Counter(Outcome.objects.values_list("state", flat=True)) == {"confirmed": 2}
    assert Entry.objects.get(title="新入职造价员岗前实务培训").state == "fulfilled"
    assert Obligation.objects.exists()
    assert AuditEntry.objects.filter(action="agreements.approve").get().name == "韩宇"
