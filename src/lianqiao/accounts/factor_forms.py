"""Forms of the second factor: allauth's, with our words and our lock-out."""

import unicodedata
from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.lockout import is_locked
from lianqiao.accounts.second_factor import is_first_use
from lianqiao.core.text import validate_plain

CODE_INPUT = {"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True, "maxlength": 30}


def typed_code(text: str) -> str:
    """A Chinese keyboard types full-width digits, an app shows them in groups."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class CodeForm(AuthenticateForm):
    label = _("动态口令或备用码")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=self.label, max_length=30, widget=forms.TextInput(attrs=CODE_INPUT)
        )

    def clean_code(self) -> str:
        if is_locked(context.request, self.user.username):
            raise ValidationError(_("尝试次数过多，已暂时锁定。"), code="locked")
        self.cleaned_data["code"] = typed_code(self.cleaned_data["code"])
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not is_first_use(self.user, code):
            raise ValidationError(_("这组动态口令已经用过，请等下一组。"), code="used")
        return code


class CodeAgainForm(CodeForm, ReauthenticateForm):
    """Before a change of the login itself."""

    save = ReauthenticateForm.save
    _emit_authentication_failed = ReauthenticateForm._emit_authentication_failed


class FirstCodeForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("应用显示的 6 位数字"), max_length=30, widget=forms.TextInput(attrs=CODE_INPUT)
        )

    def clean_code(self) -> str:
        self.cleaned_data["code"] = typed_code(self.cleaned_data["code"])
        return super().clean_code()


def name_field(**options: Any) -> forms.CharField:
    return forms.CharField(
        label=_("名称"),
        max_length=40,
        validators=[validate_plain],
        help_text=_("写明是哪台设备，例如“办公电脑”“我的手机”。"),
        **options,
    )


class PasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field(required=False)
        alone = self.fields["passwordless"]
        alone.label = _("可以不输密码，只用它登录")
        alone.help_text = _("设备会要求指纹、面容或锁屏密码。较旧的安全密钥不支持时请取消勾选。")
        alone.initial = True


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field()
