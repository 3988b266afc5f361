"""Every view of allauth that we use, each with a policy; those that we do not use have no address."""

from collections.abc import Callable, Iterable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from allauth.socialaccount import views as sso
from allauth.socialaccount.providers.dingtalk import views as dingtalk
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.socialaccount.providers.weixin import views as weixin
from django.conf import settings
from django.urls import URLPattern, path

from lianqiao.accounts.pages import links, login, security
from lianqiao.core.actor import EVERYONE, NOBODY, SIGNED_IN
from lianqiao.core.policy import with_policy


def entrance(view: Callable[..., Any], *, read: bool = True, write: bool = True) -> Callable[..., Any]:
    """A view before or around the login, for everybody."""
    reached = with_policy(view, read=EVERYONE if read else NOBODY, write=EVERYONE if write else NOBODY)
    reached.before_second_factor = True  # type: ignore[attr-defined]
    return reached


def own(view: Callable[..., Any], *, write: bool = True) -> Callable[..., Any]:
    """A view of one's own login; also there for those who must set up a second factor first."""
    reached = with_policy(view, read=SIGNED_IN, write=SIGNED_IN if write else NOBODY)
    reached.before_second_factor = True  # type: ignore[attr-defined]
    return reached


def sso_urls(providers: Iterable[str]) -> list[URLPattern]:
    """Single sign-on has addresses only where it is configured."""
    views = {
        "openid_connect": ("sso/oidc/<slug:provider_id>", oidc.login, oidc.callback),
        "weixin": ("sso/weixin", weixin.oauth2_login, weixin.oauth2_callback),
        "dingtalk": ("sso/dingtalk", dingtalk.oauth2_login, dingtalk.oauth2_callback),
    }
    urls: list[URLPattern] = []
    for provider in providers:
        prefix, start, back = views[provider]
        urls += [
            path(f"{prefix}/login", entrance(login.may_leave_to_sso(start)), name=f"{provider}_login"),
            path(f"{prefix}/back", entrance(back, write=False), name=f"{provider}_callback"),
        ]
    if urls:
        urls += [
            path("sso", own(login.may_leave_to_sso(sso.connections)), name="socialaccount_connections"),
            path(
                "sso/cancelled",
                entrance(sso.login_cancelled, write=False),
                name="socialaccount_login_cancelled",
            ),
            path("sso/error", entrance(sso.login_error, write=False), name="socialaccount_login_error"),
        ]
    return urls


urlpatterns = [
    path("login", login.account_login, name="account_login"),
    path("login/inactive", entrance(account.account_inactive, write=False), name="account_inactive"),
    path("login/code", entrance(factor.authenticate), name="mfa_authenticate"),
    path("login/passkey", entrance(passkey.login_webauthn), name="mfa_login_webauthn"),
    path("logout", entrance(account.logout, read=False), name="account_logout"),
    path("links/<str:token>", links.link_open, name="link_open"),
    path("again", own(account.reauthenticate), name="account_reauthenticate"),
    path("again/code", own(factor.reauthenticate), name="mfa_reauthenticate"),
    path("again/passkey", own(passkey.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("second-factor", own(factor.index, write=False), name="mfa_index"),
    path("second-factor/code/activate", own(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/code/deactivate", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "second-factor/recovery",
        own(recovery.view_recovery_codes, write=False),
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-factor/recovery/generate",
        own(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/recovery/download",
        own(recovery.download_recovery_codes, write=False),
        name="mfa_download_recovery_codes",
    ),
    path("second-factor/passkeys", own(passkey.list_webauthn, write=False), name="mfa_list_webauthn"),
    path("second-factor/passkeys/add", own(passkey.add_webauthn), name="mfa_add_webauthn"),
    path("second-factor/passkeys/<int:pk>/edit", own(passkey.edit_webauthn), name="mfa_edit_webauthn"),
    path("second-factor/passkeys/<int:pk>/remove", own(passkey.remove_webauthn), name="mfa_remove_webauthn"),
    path("security", security.security, name="security"),
    path("security/unlock", security.security_unlock, name="security_unlock"),
    *sso_urls(settings.SOCIALACCOUNT_PROVIDERS),
]
