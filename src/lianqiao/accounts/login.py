"""What allauth asks of us: who is meant by a login, and who may come in from elsewhere."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.accounts.queries import person_called


class NameOrPhone(AuthenticationBackend):
    def _authenticate_by_username(self, username: str, password: str) -> Any:
        return self._check_password(person_called(username), password)


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("登录名、手机号或密码不正确。连续 5 次不正确将锁定 15 分钟。"),
        "account_inactive": _("该账号已停用。"),
        "incorrect_password": _("密码不正确。"),
        "incorrect_code": _("验证码不正确。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # people come by invitation

    def populate_username(self, request: HttpRequest, user: Person) -> None:
        """A person's login name is chosen by the person, never generated here."""


class SocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens only an account that is already connected to it."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if not sociallogin.is_existing and not request.user.is_authenticated:
            raise ImmediateHttpResponse(render(request, "accounts/social_unknown.html", status=403))
