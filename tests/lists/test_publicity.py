"""What everybody reads without an account, once an office opens it."""

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted
from lianqiao.lists.actions.publicity import open_public_list
from lianqiao.lists.models import PublicList
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(here):
    return PublicList.objects.create(chain=here, state="open")


def public(login, name="public_entries", *args, held=None, **query):
    return login(held).get(reverse(name, args=args), query)


def listed(answer):
    return [each["entry"].entry for each in answer.context["entries"]]


def test_public_entries_are_there_only_after_the_office_opened_the_list(login, staff, here):
    row = make.entry(on=here, audience="public")
    client = login(staff)
    before = (listed(public(login)), public(login, "public_entry", row.pk).status_code)
    settle = client.get(reverse("public_settle")).content.decode()
    client.post(reverse("public_open", args=[here.pk]))
    after = (listed(public(login)), public(login, "public_entry", row.pk).status_code)
    client.post(reverse("public_close", args=[here.pk]))
    closed = (listed(public(login)), public(login, "public_entry", row.pk).status_code)

    assert (before, after, closed) == (([], 404), ([row], 200), ([], 404))
    assert "可公开的条目 1 条" in settle
    told = AuditEntry.objects.filter(action__contains="to_public").order_by("id")
    assert [event.action for event in told] == ["lists.open_to_public", "lists.close_to_public"]


def test_public_open_and_public_close_are_the_office_s_of_the_chain(login, here, opened):
    other, elsewhere = make.position(Role.ENTERPRISE_CONTACT, here), make.position(Role.OFFICE_ADMIN)
    codes = [
        login(held).post(reverse(name, args=[here.pk])).status_code
        for held in (other, elsewhere)
        for name in ("public_open", "public_close")
    ]
    with pytest.raises(NotPermitted):
        open_public_list(make.chain(), by=make.actor(Role.OFFICE_ADMIN, here))

    assert codes == [403, 403, 404, 404]
    assert list(PublicList.objects.all()) == [opened]


def test_public_entries_are_published_needs_and_resources_said_to_be_public(login, here, opened, staff):
    need = make.entry(on=here, audience="public")
    offer = make.entry("resource", here, audience="public")
    make.entry("service", here, audience="public")
    make.entry(on=here)
    make.entry(on=here, audience="office")
    make.entry(audience="public")
    for state in ("draft", "submitted", "returned", "expired", "fulfilled", "withdrawn"):
        make.entry(on=here, audience="public", state=state)

    assert listed(public(login)) == listed(public(login, held=staff)) == [offer, need]
    assert listed(public(login, kind="need")) == [need]
    assert public(login, kind="service").context["entries"] == []


def test_public_entries_are_found_by_their_words_and_turned_in_pages(login, here, opened):
    rows = [make.entry(on=here, audience="public", title=f"幕墙设计第{n}批") for n in range(60)]
    other = make.entry(on=here, audience="public", title="喷涂机器人")
    first, second = public(login, q="幕墙"), public(login, q="幕墙", page=2)

    assert listed(first) + listed(second) == rows[::-1]
    assert listed(public(login, q="jiqiren")) == [other]
    assert "没有符合的条目" in public(login, q="没有这个词").content.decode()


def test_public_entry_hides_what_is_not_public_and_every_contact(login, here, opened):
    facts = {
        "contact_name": "张三丰", "contact_phone": "13800001234", "contact_email": "zhang@example.org",
        "money": "350000", "conditions": "只付成本", "place": "云川路", "description": "公开的说明",
    }  # fmt: skip
    row = make.entry(on=here, audience="public", **facts)
    open_wide = make.entry(on=here, audience="public", **facts, visibility=dict.fromkeys(facts, "public"))
    texts = [public(login, "public_entry", each.pk).content.decode() for each in (row, open_wide)]

    assert all(word in texts[0] for word in ("云川路", "公开的说明", here.office.name))
    for word in ("张三丰", "张**", "1380000", "138****", "example.org", "350,000", "只付成本"):
        assert word not in texts[0]
    assert "只付成本" in texts[1]
    for word in ("张三丰", "1380000", "zhang@example.org"):
        assert word not in texts[1] + public(login).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_public_entries_same_number_of_queries(login, here, opened, rows, django_assert_num_queries):
    for _ in range(rows):
        make.entry(on=here, audience="public", category=make.category(here), segment=make.segment(here))
    client, url = login(None), reverse("public_entries")
    client.get(url)

    with django_assert_num_queries(3):
        client.get(url, {"q": "第"})


def test_login_page_leads_to_the_public_list_where_one_is_open(login, here):
    url = reverse("account_login")
    before = reverse("public_entries") in login(None).get(url).content.decode()
    PublicList.objects.create(chain=here, state="open")

    assert (before, reverse("public_entries") in login(None).get(url).content.decode()) == (False, True)
