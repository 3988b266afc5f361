"""Who may give and take which role, and what follows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted
from lianqiao.notices.models import Notice
from lianqiao.registry.actions.positions import LastAdministrator, end_position, grant_position
from lianqiao.registry.models import Position
from tests.factories import actor_of, chain, member, person, position, today, unit, yesterday

pytestmark = pytest.mark.django_db
LIST = "/positions"
A_WEEK = timedelta(days=7)


def url(name, row):
    return reverse(name, args=[row.pk])


def test_position_is_told_in_the_readers_language_and_kept_in_the_trails(login, here):
    college = unit(member(here, kind="school"), "经管学院", name_en="School of Economics")
    held = position(Role.COLLEGE_CONTACT, here, organisation=college.organisation, unit=college)

    page = login(held, **{"Accept-Language": "en"}).get("/")

    assert ("School of Economics" in page.text, "经管学院" in page.text) == (True, False)
    assert actor_of(held).position_label == "二级学院联系人 · 经管学院"


def test_position_list_of_an_office_excludes_other_chains(login, here, admin):
    mine = position(Role.ENTERPRISE_CONTACT, here)
    position(Role.ENTERPRISE_CONTACT)

    assert set(login(admin).get(LIST).context["listing"].rows) == {mine, admin}


def test_position_list_of_a_school_is_its_own(login, here):
    mine = position(Role.SCHOOL_COORDINATOR, here)
    college = position(Role.COLLEGE_CONTACT, here, organisation=mine.organisation)
    position(Role.COLLEGE_CONTACT, here)

    assert set(login(mine).get(LIST).context["listing"].rows) == {mine, college}


def test_position_list_filters_by_state_and_role(login, here, admin):
    soon = position(Role.LIAISON, here, ends_on=today() + A_WEEK)
    ended = position(Role.LIAISON, here, ends_on=yesterday())
    later = position(Role.LEADER, here, starts_on=today() + A_WEEK)
    client = login(admin)

    def found(query):
        return set(client.get(f"{LIST}?{query}").context["listing"].rows)

    assert found("state=held") == {admin, soon}
    assert found("state=soon") == {soon}
    assert found("state=ended") == {ended}
    assert found("state=later") == {later}
    assert found("role=liaison") == {soon, ended}
    assert found("role=liaison&state=ended") == {ended}
    assert found(f"q={later.person.name}") == {later}
    assert found("role=nonsense") == set()


@pytest.mark.parametrize("count", [1, 3])
def test_position_list_asks_as_often_for_three_as_for_one(
    login, here, admin, count, django_assert_num_queries
):
    for _ in range(count):
        position(Role.COLLEGE_CONTACT, here)
    client = login(admin)
    client.get(LIST)

    # One more than the rows need: their order is found by ids alone, which 100,000 of them ask for.
    with django_assert_num_queries(10):
        client.get(LIST)


@pytest.mark.parametrize("sort", ["", "-ends_on", "organisation"])
def test_position_list_pages_follow_the_order_of_its_rows(login, here, admin, sort, monkeypatch):
    monkeypatch.setattr("lianqiao.registry.pages.positions.PER_PAGE", 2)
    for days in (5, 1, 3):
        position(Role.LIAISON, here, ends_on=today() + days * timedelta(days=1))
    client = login(admin)
    pages = [client.get(LIST, {"sort": sort, "page": page}).context["listing"] for page in (1, 2)]

    assert [row for listing in pages for row in listing.page] == list(pages[0].rows)


def granted(here, **facts):
    return {"role": Role.LIAISON, "chain": here.pk, "starts_on": today().isoformat()} | facts


def test_position_grant_tells_the_person_and_ends_the_sessions(login, here, admin, client):
    who = position(Role.ENTERPRISE_CONTACT, here).person
    client.force_login(who, backend="lianqiao.accounts.login.NameOrPhone")

    response = login(admin).post(url("position_grant", who), granted(here))

    assert (response.status_code, response.url) == (302, url("person_detail", who))
    assert Position.objects.filter(person=who, role=Role.LIAISON, chain=here).count() == 1
    assert Notice.objects.get(person=who).template == "position_granted"
    assert client.get("/me").status_code == 302


def test_position_grant_twice_for_the_same_days_is_refused(login, here, admin):
    who = position(Role.LIAISON, here, organisation=None).person

    response = login(admin).post(url("position_grant", who), granted(here))

    assert response.status_code == 200
    assert response.context["form"].errors
    assert Position.objects.filter(person=who).count() == 1


def test_position_grant_to_oneself_is_refused(login, here, admin):
    assert login(admin).get(url("position_grant", admin.person)).status_code == 404
    with pytest.raises(NotPermitted):
        grant_position(
            person=admin.person, role=Role.LEADER, chain=here, starts_on=today(), by=actor_of(admin)
        )
    assert Position.objects.filter(person=admin.person).count() == 1


# Rows grant, columns are granted; the office and the school in their own chain or house.
APPOINTED = {
    Role.SYSTEM_ADMIN: {Role.OFFICE_ADMIN, Role.OFFICE_STAFF, Role.LEADER, Role.AUDITOR, Role.SYSTEM_ADMIN},
    Role.OFFICE_ADMIN: {
        Role.OFFICE_STAFF,
        Role.LEADER,
        Role.LIAISON,
        Role.ENTERPRISE_CONTACT,
        Role.SCHOOL_COORDINATOR,
        Role.COLLEGE_CONTACT,
        Role.MENTOR,
        Role.STUDENT,
    },
    Role.OFFICE_STAFF: {
        Role.LIAISON,
        Role.ENTERPRISE_CONTACT,
        Role.SCHOOL_COORDINATOR,
        Role.COLLEGE_CONTACT,
        Role.MENTOR,
        Role.STUDENT,
    },
    Role.SCHOOL_COORDINATOR: {Role.COLLEGE_CONTACT, Role.MENTOR, Role.STUDENT},
}


@pytest.mark.parametrize("granting", sorted(Role))
def test_grant_position_by_role(here, granting):
    school = member(here, kind="school")
    enterprise = member(here)
    held = position(granting, here, **({"organisation": school} if granting in SCHOOLS else {}))
    by = actor_of(held)

    assert {role for role in Role if is_granted(role, here, school, enterprise, by)} == APPOINTED.get(
        granting, set()
    )


SCHOOLS = {Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT}


def is_granted(role, here, school, enterprise, by):
    place = {"organisation": here.office}
    if role in SCHOOLS | {Role.STUDENT, Role.MENTOR}:
        place = {"organisation": school, "unit": unit(school)}
    if role == Role.ENTERPRISE_CONTACT:
        place = {"organisation": enterprise}
    try:
        grant_position(person=person(), role=role, starts_on=today(), by=by, **place)
    except NotPermitted:
        return False
    return True


def test_grant_position_in_another_chain_is_refused(here, admin):
    other = chain()

    with pytest.raises(NotPermitted):
        grant_position(person=person(), role=Role.LIAISON, chain=other, starts_on=today(), by=actor_of(admin))
    with pytest.raises(NotPermitted):
        grant_position(
            person=person(),
            role=Role.ENTERPRISE_CONTACT,
            organisation=member(other),
            starts_on=today(),
            by=actor_of(admin),
        )


def test_grant_position_in_another_school_is_refused(here):
    coordinator = position(Role.SCHOOL_COORDINATOR, here)
    other = member(here, kind="school")

    with pytest.raises(NotPermitted):
        grant_position(
            person=person(),
            role=Role.STUDENT,
            organisation=other,
            starts_on=today(),
            by=actor_of(coordinator),
        )


def test_position_end_is_told_and_takes_the_role_from_the_next_day(login, here, admin, client, time_machine):
    held = position(Role.LIAISON, here)

    response = login(admin).post(url("position_end", held), {"ends_on": today().isoformat()})

    held.refresh_from_db()
    assert (response.status_code, held.ends_on) == (302, today())
    assert Notice.objects.get(person=held.person).template == "position_ended"
    client.force_login(held.person, backend="lianqiao.accounts.login.NameOrPhone")
    assert client.get("/me").context["actor"].role == Role.LIAISON
    time_machine.move_to(timezone.now() + timedelta(days=1))
    client.force_login(held.person, backend="lianqiao.accounts.login.NameOrPhone")
    assert client.get("/me").context["actor"].role == "no_position"


@pytest.mark.parametrize("ends_on", ["", "2019-12-31", "nonsense"])
def test_position_end_on_an_impossible_day_is_refused(login, here, admin, ends_on):
    held = position(Role.LIAISON, here)

    response = login(admin).post(url("position_end", held), {"ends_on": ends_on})

    held.refresh_from_db()
    assert (response.status_code, held.ends_on) == (200, None)
    assert response.context["form"].errors


def test_position_end_does_not_prolong(login, here, admin):
    held = position(Role.LIAISON, here, ends_on=today())

    response = login(admin).post(url("position_end", held), {"ends_on": (today() + A_WEEK).isoformat()})

    assert "需要延长请用续期" in response.text


@pytest.mark.parametrize("name", ["position_end", "position_extend", "position_withdraw"])
def test_position_of_another_chain_is_not_found(login, admin, name):
    held = position(Role.LIAISON, ends_on=today() + A_WEEK)

    assert login(admin).post(url(name, held), {"ends_on": today().isoformat()}).status_code == 404


def test_position_of_oneself_is_not_ended_by_oneself(login, here, admin):
    assert login(admin).post(url("position_end", admin), {"ends_on": today().isoformat()}).status_code == 403


def test_end_position_of_the_last_system_administrator_is_refused():
    held = position(Role.SYSTEM_ADMIN)

    with pytest.raises(LastAdministrator):
        end_position(held, ends_on=today(), by=at_the_terminal("test"))


def test_position_extend_to_a_later_day_and_without_end(login, here, admin):
    held = position(Role.LIAISON, here, ends_on=today() + A_WEEK)
    later = today() + A_WEEK * 5

    login(admin).post(url("position_extend", held), {"ends_on": later.isoformat()})
    held.refresh_from_db()
    assert held.ends_on == later

    login(admin).post(url("position_extend", held), {"ends_on": ""})
    held.refresh_from_db()
    assert held.ends_on is None


def test_position_extend_to_an_earlier_day_or_into_another_term_is_refused(login, here, admin):
    held = position(Role.LIAISON, here, ends_on=today() + A_WEEK)
    position(Role.LIAISON, here, who=held.person, starts_on=today() + A_WEEK * 2)

    earlier = login(admin).post(url("position_extend", held), {"ends_on": today().isoformat()})
    into = login(admin).post(url("position_extend", held), {"ends_on": (today() + A_WEEK * 3).isoformat()})

    assert "续期后的结束日期须晚于现在的结束日期。" in earlier.text
    assert into.context["form"].errors
    held.refresh_from_db()
    assert held.ends_on == today() + A_WEEK


def test_position_withdraw_takes_back_a_mistake_of_today(login, here, admin):
    held = position(Role.LIAISON, here, starts_on=today())

    response = login(admin).post(url("position_withdraw", held))

    assert (response.status_code, response.url) == (302, LIST)
    assert not Position.objects.filter(pk=held.pk).exists()
    assert AuditEntry.objects.get(action="registry.withdraw_position").subject_id == str(held.pk)


def test_position_withdraw_of_what_was_held_is_refused(login, here, admin):
    held = position(Role.LIAISON, here, starts_on=yesterday())

    response = login(admin).post(url("position_withdraw", held))

    assert response.status_code == 409
    assert Position.objects.filter(pk=held.pk).exists()


def test_position_pages_show_their_forms(login, here, admin):
    held = position(Role.LIAISON, here, ends_on=today() + A_WEEK)
    client = login(admin)

    assert "结束身份" in client.get(url("position_end", held)).text
    assert "续期" in client.get(url("position_extend", held)).text
    assert "授予" in client.get(url("position_grant", held.person)).text
    shown = client.get(url("person_detail", held.person)).text
    assert url("position_end", held) in shown
    assert url("position_extend", held) in shown
    assert url("position_withdraw", held) not in shown
