"""A passkey from adding it to logging in with nothing else, by the browser's own virtual authenticator."""

import re

import pytest
from playwright.sync_api import Page, expect

PASSKEY = "用通行密钥登录"


@pytest.fixture
def visit(visitor, demo):
    """A passkey belongs to a name, not to an address of figures; a browser trusts `localhost` without TLS."""
    someone = visitor()
    home = demo.url.replace("127.0.0.1", "localhost")

    def go(path: str) -> Page:
        someone.page.goto(home + path, wait_until="load")
        return someone.page

    go.visitor = someone
    return go


def spare(demo, number: int) -> dict:
    """Not the person whom the other tests log in by role: after this one, a password is not enough any more."""
    return [account for account in demo.accounts if account != demo.account(account["role"])][number]


def plug_in(page: Page, *, alone: bool) -> None:
    """`alone`: an authenticator that knows its owner, as a phone or a laptop does; else a simple security key."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal" if alone else "usb",
                "hasResidentKey": alone,
                "hasUserVerification": alone,
                "isUserVerified": alone,
                "automaticPresenceSimulation": True,
            }
        },
    )


def log_in(page: Page, account: dict) -> None:
    page.fill("input[name=login]", account["username"])
    page.fill("input[name=password]", account["password"])
    page.get_by_role("button", name="登录", exact=True).click()


def add(visit, account: dict, *, alone: bool) -> Page:
    page = visit("/login")
    plug_in(page, alone=alone)
    log_in(page, account)
    page.wait_for_url(re.compile(r".*/$"))
    visit("/second-factor/passkeys/add")
    page.fill("input[name=password]", account["password"])
    page.get_by_role("button", name="确认").click()
    page.fill("input[name=name]", "办公电脑")
    page.get_by_label("可以不输密码，只用它登录").set_checked(alone)
    page.get_by_role("button", name="开始验证并保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("备用码")
    return page


def log_out(visit) -> Page:
    page = visit("/me")
    page.locator("details.lq-menu-person summary").click()
    page.get_by_role("button", name="退出登录").click()
    return visit("/login")


def test_passkey_of_a_device_logs_in_without_a_password(visit, demo):
    account = spare(demo, 0)
    page = add(visit, account, alone=True)
    visit("/second-factor/passkeys")
    expect(page.get_by_role("table")).to_contain_text("办公电脑")
    expect(page.get_by_role("table")).to_contain_text("单独登录")

    log_out(visit)
    page.get_by_role("button", name=PASSKEY).click()

    page.wait_for_url(re.compile(r".*/$"))
    expect(page.locator(".lq-person-name")).to_contain_text(account["name"])
    assert visit.visitor.problems == []


def test_passkey_of_a_security_key_is_the_second_step(visit, demo):
    account = spare(demo, 1)
    page = add(visit, account, alone=False)

    log_out(visit)
    log_in(page, account)
    expect(page.get_by_role("heading", level=1)).to_have_text("双重验证")
    page.get_by_role("button", name="用通行密钥验证").click()

    page.wait_for_url(re.compile(r".*/$"))
    expect(page.locator(".lq-person-name")).to_contain_text(account["name"])
    assert visit.visitor.problems == []


def test_passkey_that_nobody_has_says_so_and_leaves_the_password(visit, demo):
    # A browser waits a minute before it says that nothing fits; here it waits a second.
    visit.visitor.page.add_init_script(
        "const ask = navigator.credentials.get.bind(navigator.credentials);"
        "navigator.credentials.get = ({publicKey}) => ask({publicKey: {...publicKey, timeout: 1000}});"
    )
    page = visit("/login")
    plug_in(page, alone=True)

    page.get_by_role("button", name=PASSKEY).click()

    expect(page.get_by_text("这台设备上没有本平台的通行密钥")).to_be_visible()
    log_in(page, demo.account("mentor"))
    page.wait_for_url(re.compile(r".*/$"))


def test_passkey_button_is_not_there_without_javascript(visitor):
    page = visitor(javascript=False).open("/login")

    expect(page.get_by_role("button", name=PASSKEY)).to_have_count(0)
