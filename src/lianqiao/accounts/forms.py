from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import ApiToken, Person, SecurityRule
from lianqiao.accounts.queries import username_taken
from lianqiao.accounts.validators import normal_phone


class PhoneField(forms.CharField):
    """A telephone number in any usual writing, kept as digits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=30, **options)
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "tel"}

    def clean(self, value: Any) -> str | None:
        text = super().clean(value)
        return normal_phone(text) if text else None


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("登录名或手机号")
        self.fields["login"].widget.attrs = {"autocomplete": "username webauthn", "autofocus": True}
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields.pop("remember", None)


class PasswordTwice(forms.Form):
    """A new password, typed twice; `person` is who it is checked against."""

    password = forms.CharField(
        label=_("新密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一遍"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"].help_text = " ".join(str(text) for text in password_validators_help_texts())

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.person)
        return str(self.cleaned_data["password"])

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if "password" in facts and facts["password"] != facts.get("again"):
            self.add_error("again", ValidationError(_("两次输入的密码不一致。"), code="mismatch"))
        return facts


class InvitationForm(PasswordTwice):
    """The first login: a login name of one's own and a password."""

    username = forms.CharField(
        label=_("登录名"), max_length=40, help_text=_("以后用它或手机号登录，可用汉字、字母和数字。")
    )
    field_order = ["username", "password", "again"]

    def clean_username(self) -> str:
        username = self.cleaned_data["username"].strip()
        if username_taken(username, self.person):
            raise ValidationError(_("该登录名已被使用，请换一个。"), code="taken")
        return username


class ProfileForm(forms.ModelForm):
    phone = PhoneField(label=_("手机号"), required=False)

    class Meta:
        model = Person
        fields = ["name", "username", "phone", "email"]


class SecurityForm(forms.ModelForm):
    class Meta:
        model = SecurityRule
        fields = ["second_factor"]


class TokenForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("范围"),
        choices=[("read", _("读取")), ("write", _("写入"))],
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = forms.DateField(
        label=_("有效期至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = ApiToken
        fields = ["name", "scopes", "expires_on"]
