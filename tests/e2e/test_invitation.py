"""From an office's invitation to the first login, as two people do it in two browsers."""

import re

from playwright.sync_api import expect

PASSWORD = "a-quite-new-one-7"


def test_invitation_from_the_form_to_the_first_login(visitor):
    office = visitor().log_in("office_admin")
    page = office.open("/people/invite")
    page.fill("input[name=name]", "试用人")
    page.fill("input[name=phone]", "199 0000 0999")
    page.select_option("select[name=role]", "liaison")
    page.locator("select[name=chain]").select_option(index=1)
    page.get_by_role("button", name="生成邀请链接").click()
    text = page.get_by_label("可直接粘贴到微信的文字").input_value()
    link = re.search(r"/links/\S+", text).group()

    # A phone, and a browser that never saw us: the form must pass the check of its origin.
    new = visitor(width=390, height=800)
    page = new.open(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("试用人，欢迎使用链桥")
    page.fill("input[name=username]", "shiyong")
    page.fill("input[name=password]", "short")
    page.fill("input[name=again]", "short")
    page.get_by_role("button", name="完成设置").click()
    expect(page.get_by_role("alert")).to_contain_text("新密码")
    assert page.input_value("input[name=username]") == "shiyong"
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.get_by_role("button", name="完成设置").click()
    expect(page.get_by_text("密码已设置，请登录。")).to_be_visible()
    page.fill("input[name=login]", "19900000999")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile(r".*/$"))

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert office.problems + new.problems == []
