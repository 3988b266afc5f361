"""What an office settles, and what the clock makes of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.refusals import NotPermitted
from lianqiao.lists.actions.clock import expire_due, remind_due
from lianqiao.lists.actions.moves import confirm_fresh, extend, resume
from lianqiao.lists.models import Category, Entry, FreshnessRule
from lianqiao.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_freshness_expires_what_nobody_confirmed_after_reminding_once(contact, asker, here):
    who, now = contact.organisation, timezone.now()
    soon = make.entry(on=here, organisation=who, fresh_until=make.today() + timedelta(days=10))
    over = make.entry(on=here, organisation=who, fresh_until=make.yesterday())
    ended = make.entry("resource", here, organisation=who, ends_on=make.yesterday())
    later = make.entry(on=here, organisation=who)
    clock = at_the_terminal("clock")

    counts = [remind_due(by=clock, now=now), expire_due(by=clock, now=now)]
    again = [remind_due(by=clock, now=now), expire_due(by=clock, now=now)]
    states = [Entry.objects.get(pk=row.pk).state for row in (soon, over, ended, later)]
    told = list(Notice.objects.order_by("pk").values_list("template", "facts__title"))

    assert (counts, again) == ([3, 2], [0, 0])
    assert states == ["published", "expired", "expired", "published"]
    assert [template for template, _title in told] == ["entry_expires_soon"] * 3 + ["entry_expired"] * 2
    assert resume(over, by=asker, today=make.today()).fresh_until == make.today() + timedelta(days=90)
    assert confirm_fresh(soon, by=asker, today=make.today()).reminded_at is None


def test_resume_of_what_is_over_by_its_own_date_asks_for_a_later_one(login, contact, here):
    row = make.entry(on=here, organisation=contact.organisation, state="expired", ends_on=make.yesterday())
    answer = login(contact).post(reverse("entry_move", args=[row.pk, "resume"]), follow=True)

    assert "请先延长有效期" in answer.content.decode()


def test_entry_extend_and_confirm_by_its_asker_and_nobody_else(login, contact, here, asker):
    row = make.entry(on=here, organisation=contact.organisation, ends_on=make.today())
    url, other = reverse("entry_extend", args=[row.pk]), make.position(Role.ENTERPRISE_CONTACT, here)
    past = login(contact).post(url, {"ends_on": make.yesterday(), "seen": 0})
    done = login(contact).post(url, {"ends_on": "2199-01-01", "seen": 0})

    assert (past.status_code, done.status_code, login(other).get(url).status_code) == (200, 302, 404)
    with pytest.raises(NotPermitted):
        extend(row, by=make.actor_of(other), today=make.today(), ends_on=make.today())


def test_category_list_begins_with_the_usual_and_categories_begin_adds_no_twice(login, staff, here):
    client, url = login(staff), reverse("categories_begin", args=[here.pk])
    codes = [client.post(url).status_code for _ in range(2)]
    stranger = client.post(reverse("categories_begin", args=[make.chain().pk]))

    assert (codes, stranger.status_code) == ([302, 302], 404)
    assert Category.objects.filter(chain=here).count() == 19
    assert "政策咨询" in client.get(reverse("category_list")).content.decode()


def test_category_add_category_edit_category_retire_category_revive(login, staff, here):
    client = login(staff)
    facts = {"chain": here.pk, "kind": "need", "name": "设备", "position": 1}
    add = reverse("category_add")
    first, twice = client.post(add, facts), client.post(add, facts)
    row = Category.objects.get()
    used = make.entry(on=here, category=row)
    edited = client.post(
        reverse("category_edit", args=[row.pk]), {"name": "机械设备", "position": 2, "seen": 0}
    )
    client.post(reverse("category_retire", args=[row.pk]))
    offered = client.get(reverse("entry_add")).context["form"].fields["category"].queryset
    kept = client.get(reverse("entry_edit", args=[used.pk])).context["form"].fields["category"].queryset
    retired = (list(offered), list(kept))
    client.post(reverse("category_revive", args=[row.pk]))
    row.refresh_from_db()

    assert (first.status_code, twice.status_code, edited.status_code) == (302, 200, 302)
    assert retired == ([], [row])
    assert (row.name, row.state) == ("机械设备", "active")


def test_freshness_edit_holds_for_what_is_confirmed_after_it(login, staff, contact, asker, here):
    client, url = login(staff), reverse("freshness_edit", args=[here.pk, "need"])
    row = make.entry(on=here, organisation=contact.organisation)
    wrong = client.post(url, {"days": 30, "remind_days": 30, "answer_days": 2})
    for days in (30, 40):
        done = client.post(url, {"days": days, "remind_days": 7, "answer_days": 1})
    missing = client.get(reverse("freshness_edit", args=[here.pk, "wish"]))

    assert (wrong.status_code, done.status_code, missing.status_code) == (200, 302, 404)
    assert [(r.days, r.remind_days, r.answer_days) for r in FreshnessRule.objects.all()] == [(40, 7, 1)]
    assert confirm_fresh(row, by=asker, today=make.today()).fresh_until == make.today() + timedelta(days=40)
    assert ">40</td>" in client.get(reverse("freshness_list")).content.decode()
