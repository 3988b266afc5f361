"""The lists from two chairs: the clerk with a workbook full of mistakes, the enterprise's contact with a phone."""

import re
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
