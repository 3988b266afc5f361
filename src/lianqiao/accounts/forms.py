from datetime import date, timedelta
from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import ApiToken, Person, SecurityRule
from lianqiao.accounts.queries import username_taken
from lianqiao.accounts.validators import normal_phone, validate_username
from lianqiao.core.days import DayField

TOKEN_LASTS = timedelta(days=366)


class PhoneField(forms.CharField):
    """A telephone number in any usual writing, kept as digits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=30, **options)
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "tel"}

    def clean(self, value: Any) -> str | None:
        text = super().clean(value)
        return normal_phone(text) if text else None


def password_field(label: Any, autocomplete: str, **attrs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete} | attrs)
    return forms.CharField(label=label, max_length=128, strip=False, widget=widget)


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "username", "autofocus": True}
        self.fields["login"] = forms.CharField(
            label=_("登录名或手机号"), max_length=60, widget=forms.TextInput(attrs=attrs)
        )
        self.fields["password"] = password_field(_("密码"), "current-password")
        self.order_fields(["login", "password"])


class PasswordAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field(_("密码"), "current-password", autofocus=True)


class PasswordTwice(forms.Form):
    """A new password, typed twice; `person` is who it is checked against."""

    password = password_field(_("新密码"), "new-password")
    again = password_field(_("再输一遍"), "new-password")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"].help_text = _("至少 10 个字符；不要用姓名、手机号、全数字或常见的密码。")

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.person)
        return str(self.cleaned_data["password"])

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if "password" in facts and facts["password"] != facts.get("again"):
            self.add_error("again", ValidationError(_("两次输入的密码不一致。"), code="mismatch"))
        return facts


def free_username(username: str, person: Person) -> str:
    if username_taken(username, person):
        raise ValidationError(_("该登录名已被使用，请换一个。"), code="taken")
    return username


class InvitationForm(PasswordTwice):
    """The first login: a login name of one's own and a password."""

    username = forms.CharField(
        label=_("登录名"),
        max_length=40,
        validators=[validate_username],
        help_text=_("以后用它或手机号登录，可用汉字、字母和数字。"),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        max_length=254,
        help_text=_("忘记密码时，重设链接发到这里。请核对是不是您本人的邮箱，不是就改正或清空。"),
    )
    field_order = ["username", "email", "password", "again"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = self.person.email

    def clean_username(self) -> str:
        return free_username(self.cleaned_data["username"], self.person)


class PasswordForm(PasswordTwice):
    """A new password for somebody who knows the old one; wrong ones count as failed logins."""

    old = password_field(_("现在的密码"), "current-password", autofocus=True)
    field_order = ["old", "password", "again"]

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, person=request.actor.person, **kwargs)
        self.request = request

    def clean_old(self) -> str:
        old = self.cleaned_data["old"]
        if authenticate(self.request, username=self.person.username, password=old) is None:
            raise ValidationError(_("现在的密码不正确。"), code="wrong")
        return str(old)


class ForgottenForm(forms.Form):
    login = forms.CharField(
        label=_("登录名或手机号"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["username", "email"]

    def clean_username(self) -> str:
        return free_username(self.cleaned_data["username"], self.instance)


class PersonForm(forms.ModelForm):
    """Who somebody is to others; filled in by those who look after the account."""

    phone = PhoneField(
        label=_("手机号"), required=False, error_messages={"unique": _("该手机号已登记给另一个人。")}
    )

    class Meta:
        model = Person
        fields = ["name", "phone"]


class SecurityForm(forms.ModelForm):
    class Meta:
        model = SecurityRule
        fields = ["second_factor"]


class TokenForm(forms.ModelForm):
    scopes = forms.ChoiceField(
        label=_("范围"),
        choices=[("read", _("只读取")), ("write", _("读取和写入"))],
        initial="read",
        widget=forms.RadioSelect,
    )
    expires_on = DayField(label=_("有效期至"))

    class Meta:
        model = ApiToken
        fields = ["name", "scopes", "expires_on"]
        help_texts = {"name": _("写明给哪个程序用，例如“数据中台同步”。")}

    def clean_scopes(self) -> list[str]:
        return ["read", "write"] if self.cleaned_data["scopes"] == "write" else ["read"]

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day <= today + TOKEN_LASTS:
            raise ValidationError(_("有效期须在今天之后的一年以内。"), code="expires_on")
        return day


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(
        label=_("颜色"), choices=[("auto", _("跟随系统")), ("light", _("浅色")), ("dark", _("深色"))]
    )
    text = forms.ChoiceField(label=_("字号"), choices=[("normal", _("标准")), ("large", _("大字"))])
    density = forms.ChoiceField(label=_("疏密"), choices=[("normal", _("标准")), ("compact", _("紧凑"))])
