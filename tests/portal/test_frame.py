import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


def rooms(page) -> dict[str, list[str]]:
    return {room.label: [item.url for item in room.items] for room in page.context["frame"].rooms}


def test_frame_of_office_has_the_three_rooms(login):
    page = login(make.position(Role.OFFICE_STAFF)).get(reverse("home"))

    assert list(rooms(page))[:3] == ["组织共建 · 先锋阵地", "服务社会 · 载体平台", "产业发展 · 动力引擎"]


@pytest.mark.parametrize("role", sorted(Role))
def test_frame_every_item_opens_for_its_role(login, role):
    client = login(make.position(role))
    urls = [url for items in rooms(client.get(reverse("home"))).values() for url in items]

    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


def test_frame_shows_positions_to_switch_between_and_the_current_one(login):
    first = make.position(Role.OFFICE_STAFF)
    second = make.position(Role.AUDITOR, who=first.person)
    client = login(first)

    before = client.get(reverse("home")).context["actor"].role
    client.post(reverse("position_switch"), {"position": second.pk})
    after = client.get(reverse("home")).context["actor"].role

    assert (before, after) == (Role.OFFICE_STAFF, Role.AUDITOR)


@pytest.mark.parametrize(
    ("role", "where"),
    [
        (Role.ENTERPRISE_CONTACT, "云川宏达建设有限公司"),
        (Role.COLLEGE_CONTACT, "人力资源部"),
        (Role.OFFICE_STAFF, "云川宏达建设有限公司"),
    ],
)
def test_frame_tells_as_what_and_for_whom_one_acts(login, role, where):
    of = make.member(make.chain(), "云川宏达建设有限公司")
    held = make.position(role, organisation=of, unit=make.unit(of, "人力资源部"))

    shown = login(held).get(reverse("home")).context["frame"]

    assert (shown.role_label, shown.place_label) == (role.label, where)


def test_account_login_names_the_demo_logins_only_while_the_demo_is_served(client, monkeypatch):
    monkeypatch.delenv("LIANQIAO_DEMO", raising=False)

    assert "演示账号" not in client.get(reverse("account_login")).content.decode()
