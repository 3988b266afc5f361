"""The addresses that docs/how-to/single-sign-on.md tells to register are the ones that the product answers."""

import re
from pathlib import Path

from django.urls import reverse

from lianqiao.accounts.urls import sso_urls

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/how-to/single-sign-on.md").read_text(encoding="utf-8")
PROVIDERS = ["openid_connect", "weixin", "dingtalk"]


class Addresses:
    urlpatterns = sso_urls(PROVIDERS)


def test_single_sign_on_tells_the_address_to_come_back_to():
    facts = {"openid_connect": ["oidc"], "weixin": [], "dingtalk": []}
    answered = [reverse(f"{name}_callback", Addresses, args=facts[name]) for name in PROVIDERS]

    assert re.findall(r"`https://HOST(/[^`]+)`", PAGE) == answered
