"""An enterprise and a college read the chain's sums and their own figures, and never anybody else's records."""

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.insight.catalogue import FIGURES
from tests import factories as make
from tests.insight import rows

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_tells]
MARK = "不可见的标记"
CODES = [figure.code for figure in FIGURES]


@pytest.fixture
def theirs(here, school, college, peer):
    """Everything that a peer and another college have, with the mark in all that can be read."""
    today = make.today()
    other = make.unit(school, f"{MARK}学院")
    peer.name = f"{MARK}公司"
    peer.save()
    need = rows.need(here, today, organisation=peer, title=f"{MARK}需求", audience="office")
    match = rows.match(
        need,
        rows.offer(here, today, organisation=school, unit=other, title=f"{MARK}资源", audience="office"),
        today,
        scope=MARK,
    )
    held = rows.agreement(here, other, peer, day=today, matches=[match], title=f"{MARK}协议")
    rows.due(held, today)
    done = rows.project(here, peer, school, today, holder_unit=other, title=f"{MARK}项目")
    rows.outcome(done, rows.outcome_kind(here), 30, today)
    rows.left(rows.held(here, today, title=f"{MARK}轮次"), need)
    return other


def every_address(here, ways=("", "&source=1", "&export=xlsx"), **scope):
    query = "&".join(f"{name}={value}" for name, value in {"chain": here.pk, **scope}.items())
    yield f"{reverse('double_improvement')}?{query}"
    yield f"{reverse('double_improvement')}?{query}&export=xlsx"
    for code in CODES:
        for name in ("figure_detail", "figure_rows"):
            for more in ways:
                yield f"{reverse(name, args=[code])}?{query}{more}"


@pytest.mark.parametrize("who", ["contact", "teacher", "coordinator"])
def test_sides_read_sums_of_the_chain_and_no_record_of_others(
    login, request, here, school, peer, theirs, who
):
    if who == "coordinator":
        # A coordinator stands for the whole school, the other college included; the peer stays somebody else's.
        held = make.position(Role.SCHOOL_COORDINATOR, here)
    else:
        held = request.getfixturevalue(who)
    client = login(held)

    answers = {address: client.get(address) for address in every_address(here)}
    leaks = [address for address, answer in answers.items() if MARK in answer.content.decode(errors="ignore")]
    rows_read = [a for a, answer in answers.items() if "/rows" in a and answer.status_code != 404]

    assert (leaks, rows_read) == ([], [])
    assert client.get(reverse("double_improvement")).status_code == 200


@pytest.mark.parametrize("who", ["contact", "teacher"])
def test_sides_cannot_ask_for_the_figures_of_others(login, request, here, school, peer, theirs, who):
    client = login(request.getfixturevalue(who))
    place = make.segment(here)
    scopes = [{"organisation": peer.pk}, {"unit": theirs.pk}, {"segment": place.pk}]
    if who == "teacher":
        scopes.append({"organisation": school.pk})
    else:
        scopes.append({"unit": make.unit(school).pk})

    for scope in scopes:
        for address in every_address(here, ways=("&export=xlsx",), **scope):
            assert client.get(address).status_code == 404, address


def test_own_figures_list_own_records_only(login, contact, here, firm, theirs):
    mine = rows.need(here, make.today(), organisation=firm)
    client = login(contact)

    answers = [client.get(address) for address in every_address(here, organisation=firm.pk)]
    listed = client.get(f"{reverse('figure_rows', args=['needs'])}?chain={here.pk}&organisation={firm.pk}")

    assert not [answer for answer in answers if MARK in answer.content.decode(errors="ignore")]
    assert [row for row, _ in listed.context["listing"].table] == [mine]


@pytest.mark.parametrize("who", ["contact", "teacher"])
def test_sides_read_neither_analysis_nor_briefings(login, request, here, who):
    client = login(request.getfixturevalue(who))

    for name, args in (
        ("chain_analysis", [here.pk]),
        ("briefing_list", []),
        ("analysis_rule_edit", [here.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 403
