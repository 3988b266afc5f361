"""How somebody new comes in: a person, a position and a link that is shown once."""

import pytest
from django.urls import reverse

from lianqiao.accounts.models import Person
from lianqiao.core.actor import Role
from lianqiao.registry.models import Position
from tests.factories import chain, member, office, person, position, today, unit
from tests.registry.people import detail, link_in

pytestmark = pytest.mark.django_db
INVITE = "/people/invite"


def wanted(organisation, **facts):
    return {
        "name": "李萍",
        "phone": "139 1234 5678",
        "role": Role.ENTERPRISE_CONTACT,
        "organisation": organisation.pk,
        "starts_on": today().isoformat(),
    } | facts


def test_person_invite_makes_person_position_and_a_link_shown_once(login, here, admin, client):
    enterprise = member(here)

    response = login(admin).post(INVITE, wanted(enterprise))

    who = Person.objects.get(name="李萍")
    assert (who.phone, who.state, who.has_usable_password()) == ("13912345678", Person.State.INVITED, False)
    held = Position.objects.get(person=who)
    assert (held.role, held.organisation, held.starts_on, held.ends_on) == (
        Role.ENTERPRISE_CONTACT,
        enterprise,
        today(),
        None,
    )
    assert response.text.count("李萍：您好！请打开下面的链接") == 2  # to read, and for the copy button
    assert 'src="data:image/svg+xml;base64,' in response.text
    assert "李萍，欢迎使用链桥" in client.get(link_in(response)).text
    assert "/links/" not in login(admin).get(detail(who)).text


def test_person_invite_of_a_known_phone_and_name_grants_the_position(login, here, admin):
    enterprise = member(here)
    known = position(Role.LIAISON, here, who=person("李萍", phone="13912345678")).person

    response = login(admin).post(INVITE, wanted(enterprise))

    assert (response.status_code, response.url) == (302, detail(known))
    assert Position.objects.get(person=known, role=Role.ENTERPRISE_CONTACT).organisation == enterprise
    assert Person.objects.filter(name="李萍").count() == 1


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"name": "王强"}, "该手机号已登记给另一个姓名，请核对姓名和号码。"),
        ({"name": "李萍", "state": "suspended"}, "此人的账号已停用，请先由系统管理员恢复。"),
    ],
)
def test_person_invite_of_a_known_phone_that_does_not_fit_is_refused(login, here, admin, known, reason):
    person(phone="13912345678", **known)

    response = login(admin).post(INVITE, wanted(member(here)))

    assert reason in response.text
    assert Position.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        ({"name": ""}, "name", ""),
        ({"name": "李\u200b萍"}, "name", "含有不可见或无法识别的字符"),
        ({"name": "æŽè\x90\x8d"}, "name", ""),
        ({"name": "李" * 61}, "name", "60"),
        ({"phone": ""}, "phone", ""),
        ({"phone": "1391234567"}, "phone", "填了 10 位数字，手机号应为 11 位"),
        ({"phone": "1" * 31}, "phone", "30"),
        ({"phone": "不是号码"}, "phone", "填了 0 位数字"),
        ({"email": "liping@"}, "email", ""),
        ({"role": "system_admin"}, "role", ""),
        ({"role": "nonsense"}, "role", ""),
        ({"role": "college_contact"}, "organisation", "二级学院联系人须选择性质为院校的单位。"),
        ({"organisation": ""}, "organisation", "请选择单位或产业链。"),
        ({"organisation": "999999"}, "organisation", ""),
        ({"chain": "999999"}, "chain", ""),
        ({"starts_on": "2026-13-01"}, "starts_on", ""),
        ({"ends_on": "2001-01-01"}, None, "日期"),
    ],
)
def test_person_invite_names_the_field_and_writes_nothing(login, here, admin, facts, field, reason):
    response = login(admin).post(INVITE, wanted(member(here)) | facts)

    assert response.status_code == 200
    if field:
        assert set(response.context["form"].errors) == {field}
    assert reason in response.text
    assert Person.objects.count() == 1


def test_person_invite_of_a_college_contact_needs_the_college(login, here, admin):
    school = member(here, kind="school")
    other = unit(member(here, kind="school"))

    none = login(admin).post(INVITE, wanted(school, role=Role.COLLEGE_CONTACT))
    wrong = login(admin).post(INVITE, wanted(school, role=Role.COLLEGE_CONTACT, unit=other.pk))
    right = login(admin).post(INVITE, wanted(school, role=Role.COLLEGE_CONTACT, unit=unit(school).pk))

    assert "二级学院联系人须选择所属二级学院。" in none.text
    assert "此二级单位不属于所选单位。" in wrong.text
    assert "邀请链接" in right.text
    assert Person.objects.filter(name="李萍").count() == 1


def test_person_invite_offers_only_what_one_may_grant_where_one_may(login, here, admin):
    mine, _other = member(here), member(chain())
    school = position(Role.SCHOOL_COORDINATOR, here)

    offered = login(admin).get(INVITE).context["form"].fields
    of_school = login(school).get(INVITE).context["form"].fields
    of_system = login(position(Role.SYSTEM_ADMIN)).get(INVITE).context["form"].fields

    assert Role.OFFICE_ADMIN not in dict(offered["role"].choices)
    assert set(offered["organisation"].queryset) == {mine, here.office, school.organisation}
    assert list(offered["chain"].queryset) == [here]
    assert [key for key, _ in of_school["role"].choices if key] == [
        Role.COLLEGE_CONTACT,
        Role.MENTOR,
        Role.STUDENT,
    ]
    assert list(of_school["organisation"].queryset) == [school.organisation]
    assert Role.ENTERPRISE_CONTACT not in dict(of_system["role"].choices)
    assert mine not in of_system["organisation"].queryset


def test_person_invite_by_the_system_administrator_makes_an_office_administrator(login):
    place = office()

    response = login(position(Role.SYSTEM_ADMIN)).post(INVITE, wanted(place, role=Role.OFFICE_ADMIN))

    assert "邀请链接" in response.text
    assert Position.objects.get(role=Role.OFFICE_ADMIN).organisation == place


def test_person_invite_again_ends_the_first_link(login, here, admin, client):
    first = link_in(login(admin).post(INVITE, wanted(member(here))))
    who = Person.objects.get(name="李萍")

    second = link_in(login(admin).post(reverse("person_invite_again", args=[who.pk])))

    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_person_invite_again_is_not_a_way_into_an_active_account(login, here, admin):
    who = position(Role.ENTERPRISE_CONTACT, here).person

    assert "重新生成邀请链接" not in login(admin).get(detail(who)).text
    assert login(admin).post(reverse("person_invite_again", args=[who.pk])).status_code == 403


def test_person_invite_again_is_not_a_way_into_a_role_above_ones_own(login, here):
    staff = position(Role.OFFICE_STAFF, here)
    who = position(Role.ENTERPRISE_CONTACT, here, who=person(state="invited")).person
    position(Role.SYSTEM_ADMIN, who=who)

    assert login(staff).post(reverse("person_invite_again", args=[who.pk])).status_code == 403
