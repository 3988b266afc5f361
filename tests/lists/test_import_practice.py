"""The workbook to practise with: every mistake in it is named, and what it says twice is found."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.lists.imports.practice import PAST
from lianqiao.lists.models import Category, Entry, Import
from tests import factories as make
from tests.lists.workbooks import book, chain_with_words

KNOWN = "需要一处临街场地做三日快装样板间，约 60 平方米"


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.mark.django_db(transaction=True)
def test_practice_workbook_shows_every_kind_of_mistake(login):
    on = chain_with_words()
    Category.objects.create(chain=on, kind="need", name="市场")
    for name in ("甲建筑公司", "乙装饰公司", "丙劳务公司"):
        make.entry(on=on, organisation=make.member(on, name), title="样板间场地", description=KNOWN)
    client = login(make.position(Role.OFFICE_STAFF, on))

    given = client.get(reverse("import_practice"))
    sent = {"chain": on.pk, "file": SimpleUploadedFile("练习.xlsx", given.content)}
    shown = client.get(client.post(reverse("import_add"), sent).url)

    today = timezone.localdate()
    assert [
        (one["cell"], one["value"], str(one["reason"]))
        for one in shown.context["problems"]
        if str(one["reason"]) != "说明文字，没有导入。"
    ] == [
        ("E8", f"{today.year + 1}年2月30日", "日期不存在。"),
        ("F13", "-2", "不能是负数。"),
        ("F7", "十五万至二十万元", "填写的是范围，只取其中一个数。"),
        ("B11", "青岚木构建造有限公司", "这个单位没有登记，暂存为草稿。"),
        ("E12", f"{today - PAST}", "日期已过，请核对年份，或改为今后的日期。"),
        ("H12", "199000000", "不是电话号码，已留空。"),
    ]
    [twin] = Import.objects.get().twins.all()
    assert (twin.entry.description, twin.is_same) == (KNOWN, True)
    assert Entry.objects.count() == 3


@pytest.mark.django_db
def test_practice_workbook_of_a_contact_names_nobody_else(login):
    on = chain_with_words()
    make.entry(on=on, organisation=make.member(on, "乙装饰公司"), title="样板间场地", description=KNOWN)

    given = login(make.position(Role.ENTERPRISE_CONTACT, on)).get(reverse("import_practice"))

    [(name, rows)] = book(given.content)
    told = {str(cell) for row in rows for cell in row}
    assert name == "需求清单"
    assert {"乙装饰公司", KNOWN} & told == set()
    assert "听涛建筑工程有限公司" in told
