"""Nobody gives, takes or takes over more than they hold: grants, invitations, links, the last administrator."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lianqiao.accounts.actions import make_token
from lianqiao.accounts.models import Person
from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.refusals import NotPermitted
from lianqiao.registry.actions.people import suspend_person
from lianqiao.registry.actions.positions import (
    LastAdministrator,
    end_position,
    extend_position,
    grant_position,
    withdraw_position,
)
from lianqiao.registry.models import Position
from tests.factories import actor_of, chain, member, membership, office, person, position, today, yesterday
from tests.registry.people import detail, link_in

pytestmark = pytest.mark.django_db
INVITE = "/people/invite"
TERMINAL = at_the_terminal("test")
NEW = {"password": "a-quite-new-one-7", "again": "a-quite-new-one-7"}


def wanted(organisation, role=Role.MENTOR, **facts):
    return {
        "name": "李萍",
        "phone": "13912345678",
        "role": role,
        "organisation": organisation.pk if organisation else "",
        "starts_on": today().isoformat(),
    } | facts


# Somebody known


def test_person_invite_of_an_active_person_out_of_reach_is_refused(login, here, admin):
    known = position(Role.STUDENT, who=person("李萍", phone="13912345678")).person
    inside = Client()
    inside.force_login(known, backend="lianqiao.accounts.login.NameOrPhone")

    response = login(admin).post(INVITE, wanted(member(here)))

    assert response.context["form"].errors.as_data()["phone"][0].code == "registered_elsewhere"
    assert "请由系统管理员授予身份" in response.text
    assert Position.objects.filter(person=known).count() == 1
    assert inside.get("/me").status_code == 200


def test_person_invite_of_an_active_person_by_the_system_administrator_grants(login, here):
    known = position(Role.STUDENT, who=person("李萍", phone="13912345678")).person

    login(position(Role.SYSTEM_ADMIN)).post(INVITE, wanted(here.office, Role.OFFICE_ADMIN))

    assert set(Position.objects.filter(person=known).values_list("role", flat=True)) == {
        Role.STUDENT,
        Role.OFFICE_ADMIN,
    }


def test_grant_position_that_adds_nothing_leaves_the_sessions(here):
    held = position(Role.LIAISON, here)
    inside = Client()
    inside.force_login(held.person, backend="lianqiao.accounts.login.NameOrPhone")

    grant_position(person=held.person, role=Role.LIAISON, chain=here, starts_on=today(), by=TERMINAL)
    assert inside.get("/me").status_code == 200

    grant_position(person=held.person, role=Role.LIAISON, chain=chain(), starts_on=today(), by=TERMINAL)
    assert inside.get("/me").status_code == 302


# Invitation links


def test_grant_to_an_invited_person_ends_the_links_made_before(login, here):
    coordinator = position(Role.SCHOOL_COORDINATOR, here)
    system = login(position(Role.SYSTEM_ADMIN))
    old = link_in(login(coordinator).post(INVITE, wanted(coordinator.organisation)))

    new = link_in(system.post(INVITE, wanted(None, Role.SYSTEM_ADMIN)))

    assert Client().get(old).status_code == 410
    assert Client().post(old, {"username": "mallory"} | NEW).status_code == 410
    who = Person.objects.get(name="李萍")
    assert login(coordinator).post(reverse("person_invite_again", args=[who.pk])).status_code == 403
    assert Client().post(new, {"username": "liping"} | NEW).url == "/login"


def test_grant_page_to_an_invited_person_ends_the_links_made_before(login, here):
    coordinator = position(Role.SCHOOL_COORDINATOR, here)
    old = link_in(login(coordinator).post(INVITE, wanted(coordinator.organisation)))
    who = Person.objects.get(name="李萍")

    grant_position(person=who, role=Role.AUDITOR, starts_on=today(), by=TERMINAL)

    assert Client().get(old).status_code == 410
    system = login(position(Role.SYSTEM_ADMIN))
    assert (
        Client().get(link_in(system.post(reverse("person_invite_again", args=[who.pk])))).status_code == 200
    )


def test_person_invite_of_an_invited_person_who_holds_more_says_who_makes_the_link(login, here, admin):
    who = person("李萍", phone="13912345678", state="invited")
    position(Role.AUDITOR, who=who)

    response = login(admin).post(INVITE, wanted(member(here)), follow=True)

    assert "原来的邀请链接已失效，请由系统管理员重新生成。" in login(admin).get("/").text + response.text


# Reach


@pytest.mark.parametrize("role", [Role.LEADER, Role.OFFICE_STAFF, Role.ENTERPRISE_CONTACT])
def test_grant_position_beyond_ones_chains_is_refused(here, role):
    house = here.office
    chain(office=house)
    bound = position(Role.OFFICE_ADMIN, here, organisation=house)
    shared = member(here)
    membership(chain(), shared)
    place = {"organisation": shared if role == Role.ENTERPRISE_CONTACT else house, "starts_on": today()}

    with pytest.raises(NotPermitted):
        grant_position(person=person(), role=role, by=actor_of(bound), **place)
    granted = grant_position(person=person(), role=role, chain=here, by=actor_of(bound), **place)

    assert granted.chain == here


@pytest.mark.parametrize("role", [Role.LEADER, Role.LIAISON, Role.OFFICE_STAFF])
def test_grant_position_in_another_house_is_refused_without_a_chain(here, admin, role):
    other = office()
    membership(here, other)

    with pytest.raises(NotPermitted):
        grant_position(person=person(), role=role, organisation=other, starts_on=today(), by=actor_of(admin))


def test_grant_position_of_staff_in_another_office_is_refused_even_in_ones_own_chain(here, admin):
    other = office()
    membership(here, other)

    with pytest.raises(NotPermitted):
        grant_position(
            person=person(),
            role=Role.OFFICE_STAFF,
            organisation=other,
            chain=here,
            starts_on=today(),
            by=actor_of(admin),
        )


def test_grant_position_by_a_coordinator_bound_to_a_chain_stays_in_it(here):
    bound = position(Role.SCHOOL_COORDINATOR, here, chain=here)
    membership(chain(), bound.organisation)
    place = {"role": Role.MENTOR, "organisation": bound.organisation, "starts_on": today()}

    with pytest.raises(NotPermitted):
        grant_position(person=person(), by=actor_of(bound), **place)
    assert grant_position(person=person(), chain=here, by=actor_of(bound), **place).chain == here


def test_person_invite_beyond_ones_reach_says_so_at_the_field(login, here, admin):
    shared = member(here)
    membership(chain(), shared)

    response = login(admin).post(INVITE, wanted(shared, Role.ENTERPRISE_CONTACT))

    assert response.context["form"].errors.as_data()["chain"][0].code == "reach"
    assert not Person.objects.filter(name="李萍").exists()


def test_positions_of_another_office_are_not_ended_or_prolonged(here, admin):
    other = chain()
    membership(here, other.office)
    theirs = position(
        Role.OFFICE_STAFF, other, chain=None, organisation=other.office, ends_on=today() + timedelta(days=9)
    )

    for act in (end_position, extend_position):
        with pytest.raises(NotPermitted):
            act(
                theirs, ends_on=today() + timedelta(days=1 if act is end_position else 30), by=actor_of(admin)
            )
    theirs.refresh_from_db()
    assert theirs.ends_on == today() + timedelta(days=9)


def test_end_position_of_a_contact_whose_reach_grew_is_left_to_the_system_administrator(login, here, admin):
    contact = position(Role.ENTERPRISE_CONTACT, here)
    membership(chain(), contact.organisation)
    system = login(position(Role.SYSTEM_ADMIN))
    url = reverse("position_end", args=[contact.pk])

    assert login(admin).post(url, {"ends_on": today().isoformat()}).status_code == 403
    assert url in system.get(detail(contact.person)).text
    assert system.post(url, {"ends_on": today().isoformat()}).status_code == 302


# The last administrator


@pytest.mark.parametrize("state", ["invited", "suspended"])
def test_end_position_of_the_last_administrator_who_can_log_in_is_refused(state):
    held = position(Role.SYSTEM_ADMIN)
    position(Role.SYSTEM_ADMIN, who=person(state=state))

    with pytest.raises(LastAdministrator):
        end_position(held, ends_on=today(), by=TERMINAL)


@pytest.mark.parametrize("dates", [{"starts_on": today() + timedelta(days=2)}, {"ends_on": yesterday()}])
def test_end_position_of_the_only_administrator_today_is_refused(dates):
    held = position(Role.SYSTEM_ADMIN)
    position(Role.SYSTEM_ADMIN, **dates)

    with pytest.raises(LastAdministrator):
        end_position(held, ends_on=today(), by=TERMINAL)


def test_withdraw_position_of_the_last_administrator_is_refused():
    held = position(Role.SYSTEM_ADMIN, starts_on=today())

    with pytest.raises(LastAdministrator):
        withdraw_position(held, today=today(), by=TERMINAL)


def test_suspend_person_who_is_the_last_administrator_is_refused():
    held = position(Role.SYSTEM_ADMIN)
    position(Role.SYSTEM_ADMIN, who=person(state="invited"))

    with pytest.raises(LastAdministrator):
        suspend_person(held.person, by=TERMINAL)
    held.person.refresh_from_db()
    assert held.person.state == Person.State.ACTIVE

    position(Role.SYSTEM_ADMIN)
    assert suspend_person(held.person, by=TERMINAL).state == Person.State.SUSPENDED


# Tokens


def a_token(held):
    return make_token(
        name="数据中台同步", scopes=["read"], expires_on=today() + timedelta(days=9), by=actor_of(held)
    )[0]


@pytest.mark.parametrize("act", ["end", "withdraw"])
def test_tokens_end_with_their_position_alone(act, here):
    who = person()
    kept, gone = (
        position(Role.MENTOR, here, who=who),
        position(Role.LIAISON, here, who=who, starts_on=today()),
    )
    token, other = a_token(gone), a_token(kept)

    if act == "end":
        end_position(gone, ends_on=today() + timedelta(days=5), by=TERMINAL)
    else:
        withdraw_position(gone, today=today(), by=TERMINAL)

    token.refresh_from_db()
    other.refresh_from_db()
    assert (token.revoked_at is None, other.revoked_at is None) == (False, True)


def test_person_detail_shows_tokens_to_the_system_administrator_who_revokes_them(login, here, admin):
    held = position(Role.LIAISON, here)
    token = a_token(held)
    system = login(position(Role.SYSTEM_ADMIN))
    url = reverse("token_revoke", args=[token.pk])

    assert url in system.get(detail(held.person)).text
    assert "数据中台同步" not in login(admin).get(detail(held.person)).text
    assert login(admin).post(url).status_code == 404
    assert "数据中台同步" not in system.get("/me").text
    assert system.post(url).url == detail(held.person)

    token.refresh_from_db()
    assert token.revoked_at is not None
    assert url not in system.get(detail(held.person)).text
