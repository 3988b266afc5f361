"""Choosing by typing, as a clerk does it: with the keyboard, on a phone, with a screen reader, without a script."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Demo, Visitor
from tests.e2e.test_axe import AXE, RUN, WIDER_THAN_WINDOW

BOZHI, QIPING = "江苏博智工程咨询有限公司", "江苏启平建筑工程有限公司"
# A register that is too long for a list, in which two bear one name.
CROWD = """
import django; django.setup()
from lianqiao.registry.models import Chain, Membership, Organisation
chain = Chain.objects.get()
names = [f"云川第{n}测绘有限公司" for n in range(300)] + ["双名勘测有限公司"] * 2
for name in names:
    row = Organisation(name=name)
    row.save()
    Membership.objects.create(chain=chain, organisation=row, starts_on="2024-01-01")
"""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    served = Demo(tmp_path_factory.mktemp("crowded"))
    served.serve("demo")
    try:
        environment = served.environment | {"DJANGO_SETTINGS_MODULE": "lianqiao.config.settings"}
        subprocess.run([sys.executable, "-c", CROWD], env=environment, check=True)
        yield served
    finally:
        served.end()


@pytest.fixture
def in_the_crowd(browser, crowded):
    contexts = []

    def make(**options):
        contexts.append(browser.new_context(locale="zh-CN", **options))
        contexts[-1].set_default_timeout(10_000)
        return Visitor(contexts[-1], crowded).log_in("office_staff")

    yield make
    for context in contexts:
        context.close()


def offered(page, name=""):
    """The entries of the open list; a <select> has options too."""
    return page.get_by_role("listbox").get_by_role("option", name=name)


def to_merge_page(person, name=QIPING):
    page = person.open(f"/organisations?q={name}")
    address = page.get_by_role("table").get_by_role("link", name=name).get_attribute("href")
    return person.open(f"{address}/merge")


def test_industry_is_picked_by_pinyin_and_kept_as_its_code(visitor):
    person = visitor().log_in("office_staff")
    page = person.open("/organisations/add")
    page.get_by_label("单位名称").fill("栖霞住宅营造有限公司")
    box = page.get_by_role("combobox", name="行业代码")

    box.press_sequentially("zhuzhai", delay=30)
    expect(offered(page).first).to_have_text("4710 住宅房屋建筑 住宅房屋建筑 · 小类")
    box.press("Enter")
    expect(page.get_by_role("button", name="移除 4710 住宅房屋建筑")).to_be_visible()
    expect(page.locator("input[name=industries]")).to_have_value("4710")
    expect(box).to_have_value("")

    page.get_by_role("combobox", name="行政区划代码").press_sequentially("ylq", delay=30)
    offered(page, "320303 云龙区").click()
    page.get_by_role("button", name="登记", exact=True).click()

    expect(page.get_by_text("住宅房屋建筑")).to_be_visible()
    expect(page.get_by_text("云龙区", exact=True)).to_be_visible()
    assert person.problems == []


def test_chosen_code_is_taken_away_by_its_chip_and_unknown_text_comes_back_with_the_reason(visitor):
    page = visitor().log_in("office_staff").open("/organisations/add")
    page.get_by_label("单位名称").fill("栖霞第二营造有限公司")
    box = page.get_by_role("combobox", name="行业代码")
    box.press_sequentially("4710", delay=30)
    offered(page, "4710 ").click()
    page.get_by_role("button", name="移除 4710 住宅房屋建筑").click()
    expect(page.locator("input[name=industries]")).to_have_value("")
    expect(box).to_be_focused()

    box.press_sequentially("4710 9999", delay=30)
    page.get_by_role("button", name="登记", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("9999")
    expect(page.get_by_role("button", name="移除 4710 住宅房屋建筑")).to_be_visible()
    expect(page.get_by_role("button", name="移除 9999")).to_be_visible()
    page.get_by_role("alert").get_by_role("link", name="行业代码").click()
    expect(box).to_be_focused()


def test_merge_is_chosen_by_initials_with_the_keyboard_alone_and_undone(visitor):
    person = visitor().log_in("office_staff")
    page = to_merge_page(person)
    box = page.get_by_role("combobox", name="并入哪一条记录")
    box.focus()

    page.keyboard.type("bzgczx")
    expect(offered(page)).to_have_text([BOZHI])
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(offered(page)).to_have_text([BOZHI])
    page.keyboard.press("Enter")
    expect(box).to_have_value(BOZHI)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(BOZHI)
    page.get_by_role("button", name="撤销").first.click()
    expect(page.get_by_text("已撤销合并")).to_be_visible()
    assert person.problems == []


def test_arrows_move_through_the_list_and_say_where_they_are(visitor):
    page = to_merge_page(visitor().log_in("office_staff"))
    box = page.get_by_role("combobox", name="并入哪一条记录")
    box.focus()
    page.keyboard.press("ArrowDown")
    entries = offered(page)
    expect(entries.first).to_have_attribute("aria-selected", "true")
    count = entries.count()

    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", entries.nth(1).get_attribute("id"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(entries.nth(count - 1)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".lq-pick [role=status]")).to_contain_text(str(count))

    page.keyboard.type("没有这家")
    expect(page.locator(".lq-pick [role=status]")).to_have_text("没有找到")
    page.keyboard.press("Tab")
    expect(box).to_have_value("")


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-CN"), (390, "en")])
def test_open_list_has_no_violation_and_fits_the_finger(visitor, width, language):
    person = visitor(width=width, height=844, language=language).log_in("office_staff")
    page = person.open("/organisations/add")
    box = page.locator("#id_industries")
    box.press_sequentially("zhuzhai", delay=30)
    offered(page).first.click()
    box.press_sequentially("jianzhu", delay=30)
    expect(offered(page).nth(1)).to_be_visible()

    page.evaluate(AXE)
    found = page.evaluate(RUN)

    assert found == []
    assert not page.evaluate(WIDER_THAN_WINDOW)
    if width < 600:
        for target in (offered(page).first, page.locator(".lq-pick .lq-chip"), box):
            assert target.bounding_box()["height"] >= 44
    assert person.problems == []


def test_picker_of_a_long_register_asks_the_server_and_keeps_two_of_one_name_apart(in_the_crowd):
    person = in_the_crowd()
    page = to_merge_page(person)
    box = page.get_by_role("combobox", name="并入哪一条记录")
    box.press_sequentially("ycd", delay=30)
    expect(offered(page)).to_have_count(20)
    expect(page.get_by_text("还有更多").first).to_be_visible()

    box.fill("双名")
    expect(offered(page)).to_have_count(2)
    offered(page).nth(1).click()
    expect(box).to_have_value("双名勘测有限公司")
    page.get_by_role("button", name="合并", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("双名勘测有限公司")
    assert person.problems == []


def test_picker_of_a_long_register_works_without_a_script(in_the_crowd):
    page = to_merge_page(in_the_crowd(java_script_enabled=False), "云川第7测绘有限公司")
    page.get_by_label("并入哪一条记录").fill("双名")
    page.get_by_role("button", name="合并", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("双名勘测有限公司 #")

    page.get_by_label("并入哪一条记录").fill("博智")
    page.get_by_role("button", name="合并", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(BOZHI)


def test_a_server_that_does_not_answer_is_said(visitor):
    person = visitor().log_in("office_staff")
    page = person.open("/organisations/add")
    page.route("**/lookup/**", lambda route: route.abort())

    page.locator("#id_industries").press_sequentially("jz")

    expect(page.locator(".lq-pick [role=status]").first).to_contain_text("暂时查不到")
