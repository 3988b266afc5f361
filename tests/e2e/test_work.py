"""What people do all day, played in a browser: the office's clerk, the enterprise's contact, the auditor."""

import re

import pytest
from playwright.sync_api import expect


def test_ctrl_k_then_initials_finds_an_enterprise(visitor):
    page = visitor().log_in("office_staff").page

    page.keyboard.press("Control+k")
    page.keyboard.type("bzgczxyxgs")
    expect(page.locator("#lq-suggestions")).to_contain_text("江苏博智工程咨询有限公司")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("江苏博智工程咨询有限公司")


def test_clerk_is_warned_while_typing_a_name_that_exists(visitor):
    person = visitor().log_in("office_staff")
    page = person.open("/organisations/add")

    page.get_by_label("单位名称").press_sequentially("博智工程咨询公司", delay=20)

    expect(page.locator("#likely")).to_contain_text("江苏博智工程咨询有限公司")
    assert person.problems == []


def test_clerk_registers_places_and_undoes(visitor):
    page = visitor().log_in("office_staff").open("/organisations/add")
    page.get_by_label("单位名称").fill("梧桐里声学材料有限公司")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已登记")

    page.goto(page.url.rsplit("/", 1)[0] + "?q=wtlsx")
    page.get_by_role("checkbox", name="选择 梧桐里声学材料有限公司").check()
    page.get_by_role("button", name="放到链环节…").click()
    page.get_by_label("链环节").select_option(label="建材生产与供应")
    page.get_by_role("button", name="放到此环节").click()
    expect(page.locator("#panel")).to_contain_text("梧桐里声学材料有限公司")

    page.get_by_role("button", name="撤销").click()
    expect(page.locator("#panel")).not_to_contain_text("梧桐里声学材料有限公司")


def test_clerk_without_javascript_does_the_same(visitor):
    page = visitor(javascript=False).log_in("office_staff").open("/organisations/add")
    page.get_by_label("单位名称").fill("听泉景观石材有限公司")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("听泉景观石材有限公司")

    page.goto(page.url.rsplit("/", 1)[0] + "?q=听泉")
    page.get_by_role("checkbox", name="选择 听泉景观石材有限公司").check()
    page.get_by_role("button", name="放到链环节…").click()

    expect(page.get_by_text("听泉景观石材有限公司")).to_be_visible()


def test_clerk_chooses_every_organisation_of_a_list_of_two_pages(visitor):
    page = visitor().log_in("office_staff").open("/organisations")
    beyond = page.get_by_role("checkbox", name="选中全部")
    expect(beyond).to_be_hidden()

    page.get_by_role("checkbox", name="选择本页全部").check()
    beyond.check()
    expect(page.get_by_text(re.compile("^已选 5[1-9] 条$"))).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("^选择 ")).nth(3).uncheck()
    expect(page.get_by_text("已选 49 条")).to_be_visible()
    expect(beyond).to_be_hidden()

    page.get_by_role("checkbox", name="选择本页全部").check()
    beyond.check()
    page.get_by_role("button", name="放到链环节…").click()
    expect(page.get_by_role("heading", name=re.compile("已选 5[1-9] 个单位"))).to_be_visible()


def test_clerk_finds_the_filters_folded_on_a_phone_and_open_on_a_desk(visitor):
    phone = visitor(width=390, height=844, javascript=False).log_in("office_staff")
    page = phone.open("/organisations?kind=enterprise")
    expect(page.locator("select[name=size]")).to_be_hidden()
    page.locator("summary").filter(has_text="筛选（1）").click()
    expect(page.locator("select[name=size]")).to_be_visible()

    desk = visitor(javascript=False).log_in("office_staff").open("/organisations")
    expect(desk.locator("select[name=size]")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_leader_prints_the_home_page_on_one_sheet(visitor, language):
    page = visitor(language=language).log_in("leader").page

    sheets = re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))

    assert len(sheets) == 1


def test_wrong_code_keeps_what_was_typed_and_leads_to_the_field(visitor):
    page = visitor().log_in("office_staff").open("/organisations/add")
    page.get_by_label("单位名称").fill("归雁测量仪器有限公司")
    page.get_by_label("统一社会信用代码").fill("91320300MA1M000001")
    page.get_by_role("button", name="登记", exact=True).click()

    page.get_by_role("alert").get_by_role("link", name="统一社会信用代码").click()
    expect(page.get_by_label("统一社会信用代码")).to_be_focused()
    expect(page.get_by_label("统一社会信用代码")).to_have_value("91320300MA1M000001")
    expect(page.get_by_label("单位名称")).to_have_value("归雁测量仪器有限公司")


def test_enterprise_contact_completes_its_record_on_a_phone(visitor):
    page = visitor(width=390, height=844).log_in("enterprise_contact").page
    page.get_by_role("link", name="补充").first.click()
    page.get_by_label("地址").fill("云川区文博路 8 号")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("云川区文博路 8 号")).to_be_visible()


def test_language_switch_turns_the_page_and_is_remembered(visitor):
    page = visitor().log_in("leader").page
    page.locator("header summary").click()
    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert not re.search("待办|首页|登录", page.locator("body").inner_text())


def test_person_with_two_positions_switches_and_the_frame_changes(visitor, demo):
    account = next(a for a in demo.accounts if len(a["positions"]) > 1)
    person = visitor()
    person.open("/login")
    person.page.fill("input[name=login]", account["username"])
    person.page.fill("input[name=password]", account["password"])
    person.page.click("main form button.btn-primary")
    before = person.page.locator("main .lq-context, main h1 + *").first.inner_text()

    person.page.locator("header summary").click()
    person.page.locator("header form button[name=position]:not([aria-current])").first.click()

    expect(person.page.locator("main .lq-context, main h1 + *").first).not_to_have_text(before)


def test_auditor_verifies_the_trail_from_the_page(visitor):
    page = visitor().log_in("auditor").open("/audit")
    page.get_by_role("button", name="核验").click()

    expect(page.get_by_text("没有改动")).to_be_visible(timeout=20_000)


def test_keyboard_alone_reaches_the_content(visitor):
    page = visitor().log_in("office_staff").open("/organisations")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_print_leaves_out_the_frame(visitor):
    page = visitor().log_in("leader").page
    page.emulate_media(media="print")

    expect(page.locator("header")).to_be_hidden()
    expect(page.locator("nav#rooms")).to_be_hidden()
    expect(page.locator("main svg.lq-map-across")).to_be_visible()
