"""The lists from two chairs: the clerk with a workbook full of mistakes, the enterprise's contact with a phone."""

import re
import sqlite3
import zipfile
from pathlib import Path

from playwright.sync_api import expect


def corrected(given: Path) -> Path:
    """As somebody mends the two red cells in a spreadsheet program, and leaves the reasons where they are."""
    out = given.with_name("改好的.xlsx")
    with zipfile.ZipFile(given) as book, zipfile.ZipFile(out, "w") as mended:
        for name in book.namelist():
            content = book.read(name).decode()
            mended.writestr(name, content.replace("年2月30日", "年2月28日").replace(">-2<", ">2<"))
    return out


def test_clerk_imports_a_workbook_with_mistakes_corrects_it_and_takes_it_back(visitor, tmp_path):
    page = visitor().log_in("office_admin").open("/imports/add")
    with page.expect_download() as practice:
        page.get_by_role("link", name="下载练习表").click()
    practice.value.save_as(tmp_path / "练习.xlsx")

    page.get_by_label("表格文件").set_input_files(tmp_path / "练习.xlsx")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("日期不存在。")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("这个单位没有登记，暂存为草稿。")).to_be_visible()
    expect(page.get_by_role("link", name="处理重复 1 条")).to_be_visible()
    with page.expect_download() as refused:
        page.get_by_role("link", name="下载不能导入的行").click()
    refused.value.save_as(tmp_path / "未导入.xlsx")

    page.goto(page.url.rsplit("/", 1)[0] + "/add")
    page.get_by_label("表格文件").set_input_files(corrected(tmp_path / "未导入.xlsx"))
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("button", name="导入 2 条").click(timeout=20_000)
    rows = page.get_by_role("table", name="导入的条目").get_by_role("link")
    expect(rows).to_have_count(2, timeout=20_000)

    rows.first.click()
    expect(page.locator("main")).not_to_contain_text("错误原因")
    page.get_by_role("button", name="发布").click()
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.locator("main")).to_contain_text("待审核")


def test_contact_on_a_phone_submits_while_the_draft_is_being_kept(visitor):
    page = visitor(width=390, height=844).log_in("enterprise_contact").open("/entries/add?kind=need")
    page.get_by_role("textbox", name="名称", exact=True).fill("塔吊司机复训")
    expect(page.get_by_text(re.compile("已自动保存"))).to_be_visible(timeout=10_000)

    with page.expect_request("**/entries/keep"):
        page.get_by_role("textbox", name="内容说明", exact=True).fill(
            "12 名塔吊司机在三月底前完成复训，每人 16 学时，合格率 95%。"
        )
    page.get_by_role("button", name="提交", exact=True).click()

    expect(page.get_by_role("status").first).to_contain_text("已提交")


def test_link_is_made_filled_in_on_a_phone_once_and_two_others_are_revoked_and_over(visitor, demo):
    clerk = visitor()
    page = clerk.log_in("office_admin").open("/askings/choose?kind=enterprise")
    boxes = page.locator("tbody input[type=checkbox]")
    for row in range(3):
        boxes.nth(row).check()
    page.get_by_role("button", name="生成链接…").click()
    page.get_by_role("button", name="生成链接", exact=True).click()
    copies = page.get_by_role("button", name="复制文字和链接")
    expect(copies).to_have_count(3)
    said = [copy.get_attribute("data-copy") for copy in copies.all()]
    filled, revoked, late = (text[text.index("http") :].removeprefix(demo.url) for text in said)

    phone = visitor(width=390, height=844)
    form = phone.open(filled)
    form.get_by_label("一句话写明需要什么").fill("塔吊司机复训场地")
    form.get_by_label("内容说明").fill("12 名塔吊司机复训，需要一处场地两天。")
    form.get_by_label("希望何时前完成").fill("20270230")
    form.get_by_label("联系人").fill("许宁")
    form.get_by_label("联系电话").fill("19900000081")
    form.get_by_role("button", name="提交给管理处").click()
    expect(form.get_by_text("没有这一天")).to_be_visible()
    form.get_by_label("希望何时前完成").fill("20270228")
    assert form.evaluate("document.documentElement.scrollWidth <= innerWidth")
    form.get_by_role("button", name="提交给管理处").click()
    expect(form.get_by_role("heading", name="已收到，谢谢")).to_be_visible()
    # The link tells what was said with it, and takes nothing more.
    again = visitor(width=390, height=844).open(filled)
    expect(again.get_by_role("heading", name="已收到，谢谢")).to_be_visible()
    expect(again.get_by_role("button")).to_have_count(0)

    listed = clerk.open("/entries/review")
    listed.get_by_role("link", name="塔吊司机复训场地").first.click()
    expect(listed.locator("main")).to_contain_text("2027-02-28")
    expect(listed.locator("main")).to_contain_text("链接填报")

    sent = clerk.open("/askings?state=sent")
    sent.get_by_role("row").filter(has_text=said[1].split("：")[0]).get_by_role("link").first.click()
    sent.get_by_role("button", name="作废").click()
    expect(sent.get_by_text("已作废").first).to_be_visible()
    assert (is_over(visitor, demo, revoked), is_over(visitor, demo, late)) == (True, False)

    # Nobody waits a week for this.
    with sqlite3.connect(Path(demo.environment["LIANQIAO_DATA"], "lianqiao.sqlite3")) as database:
        database.execute(
            "UPDATE lists_asking SET expires_at = '2026-01-02 00:00:00', made_at = '2026-01-01 00:00:00'"
        )
    assert (is_over(visitor, demo, filled), is_over(visitor, demo, late)) == (True, True)


def is_over(visitor, demo, path: str) -> bool:
    """For somebody who was not there before."""
    page = visitor(width=390, height=844).page
    page.goto(demo.url + path)
    return page.get_by_role("heading", name="此链接不能再用").is_visible()
