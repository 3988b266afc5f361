"""The published case from the minutes to the figures, by everybody who has a part in it, each at a window of their own.

What each of them presses and types is counted: another step is seen here before the office feels it.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from lianqiao.portal.demo.content import PASSWORD
from tests.e2e.conftest import PROJECT, Served

# Our own words; of what was published, the facts.
MINUTES = """建筑行业产业链座谈会纪要
2024年10月24日，云龙区建筑行业产业链在淮海食品城管理处座谈。附近没有本行业的科研和教学机构，能参加的企业少。
江苏博智工程咨询有限公司：希望联合培养工程造价和建设项目管理方面的专门人才。
江苏启平建筑工程有限公司：希望借助新技术、新思路，推动建筑装饰装修施工转型。
江苏至尊建筑劳务有限公司：需要联合培养建筑劳务班组的技术人才。
江苏建筑职业技术学院经管学院：可以提供工程造价、建设工程管理专业的教师。
江苏建筑职业技术学院装饰学院：可以提供建筑装饰工程技术、建筑室内设计专业的教师。
江苏建筑职业技术学院建造学院：可以提供建筑工程技术、智能建造技术专业的教师。
"""
PAIRS = {
    "江苏博智工程咨询有限公司": "江苏建筑职业技术学院 · 经管学院",
    "江苏启平建筑工程有限公司": "江苏建筑职业技术学院 · 装饰学院",
    "江苏至尊建筑劳务有限公司": "江苏建筑职业技术学院 · 建造学院",
}
NEED = "希望联合培养工程造价和建设项目管理方面的专门人才"
SCAN = b"%PDF-1.4 a page with two seals"
SLOW = 30_000  # a round is a job


class Chair:
    """One person at one window: what they press and what they type, counted."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url, self.did = page, url, Counter[str]()

    def log_in(self, username: str) -> "Chair":
        self.page.goto(f"{self.url}/login")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(re.compile(r".*/$"))
        return self

    def go(self, room: str) -> None:
        """By the navigation, as somebody who knows where they want to."""
        self.did["presses"] += 1
        self.page.get_by_role("navigation").get_by_role("link", name=room, exact=True).first.click()

    def home(self) -> None:
        self.did["presses"] += 1
        self.page.goto(f"{self.url}/")

    def press(self, name: str, role: str = "button") -> None:
        self.did["presses"] += 1
        starts = re.compile(rf"^\s*{re.escape(name)}(\s|$|\d)")
        self.page.locator("main").get_by_role(role, name=starts).first.click(timeout=SLOW)

    def follow(self, name: str) -> None:
        self.press(name, "link")

    def more(self, name: str, role: str = "link") -> None:
        self.did["presses"] += 1
        self.page.locator("main summary", has_text="更多操作").first.click()
        self.press(name, role)

    def write(self, field: str, text: str) -> None:
        self.did["fields"] += 1
        self.page.locator(f"main [name={field}]").fill(text)

    def choose(self, field: str, label: str) -> None:
        self.did["fields"] += 1
        self.page.locator(f"main select[name={field}]").select_option(label=label)

    def tick(self, label: str) -> None:
        self.did["fields"] += 1
        self.page.locator("main").get_by_label(label, exact=True).check()

    def attach(self, name: str, content: bytes, kind: str) -> None:
        self.did["fields"] += 1
        file = {"name": name, "mimeType": kind, "buffer": content}
        self.page.locator("main input[type=file]").set_input_files(file)

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text, timeout=SLOW)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("story"))
    settings = {"DJANGO_SETTINGS_MODULE": "lianqiao.config.settings"}
    loading = [sys.executable, "-m", "tests.e2e.case_chain"]
    subprocess.run(loading, env=served.environment | settings, cwd=PROJECT, check=True)
    served.serve("serve", "--workers", "1")
    yield served
    served.end()


@pytest.fixture
def sit(browser: Browser, chain: Served) -> Iterator:
    contexts = []

    def make(username: str = "", width: int = 1280, height: int = 900) -> Chair:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, locale="zh-CN", has_touch=width < 600)
        context.set_default_timeout(15_000)
        contexts.append(context)
        chair = Chair(context.new_page(), chain.url)
        return chair.log_in(username) if username else chair

    yield make
    for context in contexts:
        context.close()


def test_published_case_from_the_minutes_to_the_figures(sit, tmp_path):
    office, leader = sit("wangjing"), sit("gaoyuan")
    college, school = sit("jingguan"), sit("zuzhibu")
    firm = sit("bozhi", width=390, height=844)
    everybody = {"office": office, "college": college, "firm": firm, "school": school}

    capture_and_publish(office)
    plan_and_offer(office)
    answer(college, firm)
    answer_by_link(office, sit(width=390, height=844))
    confirm_the_pairing(office, college, firm)
    draft_the_agreement(office, tmp_path)
    agree_and_sign(office, college, school, firm)
    before = outcomes_told(leader)
    work(office, college)
    accept(college, firm)

    assert (before, outcomes_told(leader)) == ("0 项", "1 项")
    # Who presses and fills in how much; more of either is a reason to look at the pages again.
    assert {who: (chair.did["presses"], chair.did["fields"]) for who, chair in everybody.items()} == {
        "office": (46, 14),
        "college": (23, 7),
        "firm": (13, 0),
        "school": (3, 0),
    }


def capture_and_publish(office: Chair) -> None:
    office.go("三张清单")
    office.more("从文字摘录")
    office.follow("摘录一份文字")
    office.choose("source", "座谈")
    office.write("day", "2024-10-24")
    office.write("text", MINUTES)
    office.press("找出条目")
    office.press("写入勾选的条目")
    office.follow("去审核")
    for _ in range(6):
        office.press("发布")
        office.sees("已发布")
    office.sees("没有等待审核的条目")


def plan_and_offer(office: Chair) -> None:
    office.go("对接轮次")
    office.follow("新建一轮")
    office.press("下一步")
    office.press("保存，去定规则")
    office.press("保存，去预演")
    office.press("预演")
    office.sees("预演结果")
    office.press("运行")
    office.sees("待发布")
    office.sees("这就是最好的方案（已证明）。")
    rows = office.page.locator("main tbody tr")
    told = {
        cells[1]: (cells[3], cells[5])
        for cells in (row.locator("th, td").all_inner_texts() for row in rows.all())
    }
    assert {firm: giver for firm, (giver, _) in told.items()} == PAIRS
    assert all(re.match("同属“.+”：需求说“.+”，对方有“", why) for _, why in told.values())
    office.follow("发布…")
    office.press("发布")
    office.sees("双方已收到消息")


def answer(college: Chair, firm: Chair) -> None:
    college.home()
    college.follow("答复")
    college.press("同意")
    firm.home()
    firm.follow("答复")
    assert firm.page.evaluate("document.documentElement.scrollWidth") <= 390
    firm.press("同意")
    firm.sees("双方都已同意")


def answer_by_link(office: Chair, guest: Chair) -> None:
    """An enterprise without an account: the office sends a link, which is opened on a phone."""
    office.go("对接")
    office.page.get_by_role("link", name="希望借助新技术").first.click()
    office.follow("发送答复链接")
    office.choose("side", "需求方")
    office.press("生成链接")
    link = office.page.locator("main").inner_html()
    guest.page.goto(re.search(r"https?://[^\s\"<]+/matches/links/[\w-]+", link).group())
    guest.page.get_by_role("button", name="同意对接").click()
    expect(guest.page.locator("body")).to_contain_text("正在等对方答复。")


def confirm_the_pairing(office: Chair, college: Chair, firm: Chair) -> None:
    for who in (firm, college, office):
        who.home()
        who.follow("确认")
        who.press("确认结对")
    office.sees("三方均已确认，结对成立。")


def draft_the_agreement(office: Chair, folder: Path) -> None:
    office.follow("起草协议")
    office.choose("kind", "校企共建协议")
    office.write("ends_on", "2028-11-30")
    office.press("起草")
    office.follow("去填写")
    for label in ("学", "训"):
        office.tick(label)
    for label, text in (("决策会议", "各自决策会议"), ("培养人数", "60"), ("联合申报项数", "1")):
        office.did["fields"] += 1
        office.page.get_by_label(label).fill(text)
    office.press("保存")
    with office.page.expect_download() as word:
        office.follow("Word")
    word.value.save_as(folder / "协议.docx")
    text = "\n".join(each.text for each in Document(BytesIO((folder / "协议.docx").read_bytes())).paragraphs)
    for said in ("江苏博智工程咨询有限公司", "经管学院", NEED, "联合培养培训60人", "2028年11月30日"):
        assert said in text
    office.press("送各方征求意见")


def agree_and_sign(office: Chair, college: Chair, school: Chair, firm: Chair) -> None:
    for who in (college, firm):
        who.home()
        who.follow("查看")
        who.press("同意")
    school.home()
    school.follow("批准")
    school.press("院校批准")
    school.sees("已定稿")
    office.home()
    office.follow("登记")
    for _ in range(2):
        office.follow("登记签字")
        office.write("signer", "负责人")
        office.press("登记签字")
    office.sees("已签订")
    office.follow("上传扫描件")
    office.attach("盖章页.pdf", SCAN, "application/pdf")
    office.press("上传")
    office.sees("盖章页.pdf")


def work(office: Chair, college: Chair) -> None:
    office.go("对接")
    office.did["presses"] += 1
    office.page.locator("main").get_by_role("link", name=NEED).first.click()
    office.press("立项")
    office.press("发布项目")
    college.home()
    college.follow("答复")
    college.follow("认领项目")
    college.press("认领")
    college.follow("增加节点")
    college.write("title", "完成第一期培训")
    college.write("due_on", "2028-11-30")
    college.press("保存")
    college.write("text", "到企业上第一次课，16 人参加。")
    college.press("记一笔")
    college.follow("传佐证")
    college.attach("签到表.txt", "参加 16 人".encode(), "text/plain")
    college.write("code", "1-1-22-1")
    college.press("上传")
    college.sees("1-1-22-1 签到表.txt")
    college.did["presses"] += 1
    college.page.locator("#milestones .pj-rows").get_by_role("link", name=re.compile("^完成")).click()
    college.press("完成")
    college.follow("登记成果")
    college.choose("kind", "培训人数（人）")
    college.write("amount", "16")
    college.press("登记")


def accept(college: Chair, firm: Chair) -> None:
    college.press("交付验收")
    college.sees("待验收")
    firm.home()
    firm.follow("验收")
    firm.press("确认成果")
    firm.press("验收通过")
    firm.sees("已验收")
    lineage = firm.page.locator("main nav, main ol").filter(has_text="来源").first
    expect(lineage).to_contain_text(NEED)


def outcomes_told(leader: Chair) -> str:
    leader.go("双提升")
    row = leader.page.get_by_role("row").filter(has_text=re.compile("^\\s*成果")).first
    return row.locator("td").first.inner_text()
