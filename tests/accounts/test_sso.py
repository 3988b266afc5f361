"""Single sign-on with a small provider of our own on this machine: it opens only an account that is connected."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from lianqiao.accounts.models import Person
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from tests.accounts import sso_addresses
from tests.factories import PASSWORD, person, position

pytestmark = pytest.mark.django_db


class Provider(BaseHTTPRequestHandler):
    """The three answers of OpenID Connect that a login needs; whoever asks is `zhang`."""

    def answer(self) -> None:
        home = f"http://127.0.0.1:{self.server.server_port}"
        known = {
            "/.well-known/openid-configuration": {
                "issuer": home,
                "authorization_endpoint": f"{home}/authorize",
                "token_endpoint": f"{home}/token",
                "userinfo_endpoint": f"{home}/userinfo",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/token": {"access_token": "granted", "token_type": "Bearer"},
            "/userinfo": {"sub": "zhang", "name": "张伟"},
        }
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps(known[urlsplit(self.path).path]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture(autouse=True)
def provider(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}"
    app = {"client_id": "lianqiao", "secret": "s", "provider_id": "oidc", "name": "政务统一登录"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [app | {"settings": {"server_url": home}}]},
    }
    settings.SSO_ORIGINS = [home]
    settings.ROOT_URLCONF = sso_addresses.__name__
    yield home
    server.shutdown()
    server.server_close()


def through_the_provider(client, process="login"):
    """Press the button, let the provider say yes, come back."""
    start = reverse("openid_connect_login", args=["oidc"])
    sent = client.post(f"{start}?process={process}")
    state = parse_qs(urlsplit(sent.url).query)["state"][0]
    back = reverse("openid_connect_callback", args=["oidc"])
    return client.get(back, {"code": "yes", "state": state})


@pytest.fixture
def zhang():
    return position(Role.OFFICE_STAFF, who=person("张伟", username="zhangwei")).person


def connected(who):
    SocialAccount.objects.create(user=who, provider="oidc", uid="zhang")
    return who


def test_account_login_offers_what_is_configured_and_lets_the_form_go_there(provider):
    page = Client().get("/login")

    assert "用政务统一登录登录" in page.text
    assert f'action="{reverse("openid_connect_login", args=["oidc"])}?process=login"' in page.text
    assert f"form-action 'self' {provider};" in page.headers["Content-Security-Policy"] + ";"


def test_openid_connect_login_goes_to_the_provider(provider):
    sent = Client().post(reverse("openid_connect_login", args=["oidc"]))

    assert sent.status_code == 302
    assert sent.url.startswith(f"{provider}/authorize?")


def test_openid_connect_login_by_a_link_asks_first(provider):
    page = Client().get(reverse("openid_connect_login", args=["oidc"]))

    assert page.status_code == 200
    assert "继续" in page.text
    assert f"form-action 'self' {provider};" in page.headers["Content-Security-Policy"] + ";"


def test_openid_connect_callback_opens_a_connected_account(zhang):
    connected(zhang)
    client = Client()

    response = through_the_provider(client)

    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/me").context["actor"].person_id == zhang.pk
    assert AuditEntry.objects.filter(action="login", person_id=zhang.pk).count() == 1


def test_openid_connect_callback_makes_no_account(zhang):
    client = Client()

    response = through_the_provider(client)

    assert response.status_code == 403
    assert "还没有连接到链桥的账号" in response.text
    assert (Person.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert client.get("/me").status_code == 302


def test_openid_connect_callback_of_a_suspended_person_is_refused(zhang):
    connected(zhang)
    Person.objects.update(state=Person.State.SUSPENDED)
    client = Client()

    assert through_the_provider(client).url == reverse("account_inactive")
    assert client.get("/me").status_code == 302


def test_openid_connect_callback_without_a_start_is_refused(zhang):
    connected(zhang)

    response = Client().get(
        reverse("openid_connect_callback", args=["oidc"]), {"code": "yes", "state": "forged"}
    )

    assert "单点登录没有成功" in response.text


def test_openid_connect_callback_cancelled_leads_back(zhang):
    client = Client()
    sent = client.post(reverse("openid_connect_login", args=["oidc"]))
    state = parse_qs(urlsplit(sent.url).query)["state"][0]

    back = client.get(
        reverse("openid_connect_callback", args=["oidc"]), {"error": "access_denied", "state": state}
    )

    assert back.url == reverse("socialaccount_login_cancelled")
    assert "已取消单点登录" in client.get(back.url).text


def test_socialaccount_connections_connects_and_disconnects(zhang, django_capture_on_commit_callbacks):
    client = Client()
    client.post("/login", {"login": "zhangwei", "password": PASSWORD})
    assert "连接政务统一登录" in client.get(reverse("socialaccount_connections")).text

    connected_now = through_the_provider(client, "connect")
    account = SocialAccount.objects.get()
    shown = client.get(reverse("socialaccount_connections")).text
    client.post(reverse("socialaccount_connections"), {"account": account.pk})

    assert connected_now.url == reverse("socialaccount_connections")
    assert (account.user, account.uid) == (zhang, "zhang")
    assert "断开" in shown
    assert SocialAccount.objects.count() == 0
    told = AuditEntry.objects.filter(action__contains="sso").order_by("id")
    assert [entry.action for entry in told] == ["accounts.connect_sso", "accounts.disconnect_sso"]


def test_socialaccount_login_error_is_told():
    page = Client().get(reverse("socialaccount_login_error"))

    assert (page.status_code, "单点登录没有成功" in page.text) == (401, True)


@pytest.mark.parametrize("provider_name", ["weixin", "dingtalk"])
def test_sso_of_other_providers_has_its_addresses(provider_name):
    assert reverse(f"{provider_name}_login") == f"/sso/{provider_name}/login"
    assert reverse(f"{provider_name}_callback") == f"/sso/{provider_name}/back"


def test_sso_has_no_address_where_it_is_not_configured(settings):
    settings.ROOT_URLCONF = "lianqiao.config.urls"

    assert Client().get("/sso").status_code == 404
    assert Client().get("/sso/oidc/oidc/login").status_code == 404
