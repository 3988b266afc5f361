from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.validators import validate_phone, validate_username
from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.full_clean()
        person.save()
        return person


class Person(AbstractBaseUser, Versioned):
    """Somebody who may log in. What a person may do comes from positions, never from this row."""

    class State(models.TextChoices):
        INVITED = "invited", _("待激活")
        ACTIVE = "active", _("正常")
        SUSPENDED = "suspended", _("已停用")

    username = models.CharField(_("登录名"), max_length=40, unique=True, validators=[validate_username])
    name = models.CharField(_("姓名"), max_length=60, validators=[validate_plain])
    phone = models.CharField(
        _("手机号"), max_length=20, unique=True, null=True, blank=True, validators=[validate_phone]
    )
    email = models.EmailField(_("电子邮箱"), blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.INVITED)
    # Part of every session's hash: raising it ends all sessions of the person.
    epoch = models.PositiveIntegerField(default=0, editable=False)
    preferences = models.JSONField(default=dict, blank=True, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    audit_secret = ("password", "phone", "email")

    class Meta:
        verbose_name = _("人员")
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="one_username", violation_error_message=_("该登录名已被使用。")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.state == self.State.ACTIVE

    @property
    def masked_phone(self) -> str:
        """139****1234: enough to recognise a number, not enough to call it."""
        if not self.phone:
            return ""
        return f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 9 else f"****{self.phone[-2:]}"

    def get_session_auth_hash(self) -> str:
        return salted_hmac("lianqiao.session", f"{self.password}|{self.epoch}|{self.state}").hexdigest()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django asks this one for keys that were retired; we keep none.
        return self.get_session_auth_hash()

    def get_session_auth_fallback_hash(self) -> Any:
        return iter(())


class OneTimeLink(models.Model):
    """A link that works once: only the digest of its token is kept."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("邀请")
        RESET = "reset", _("重设密码")

    kind = models.CharField(_("用途"), max_length=12, choices=Kind)
    person = models.ForeignKey(Person, verbose_name=_("人员"), on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("有效期至"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)
    made_at = models.DateTimeField(_("生成时间"), auto_now_add=True)
    audit_secret = ("digest",)

    class Meta:
        verbose_name = _("一次性链接")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person}"

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


class ApiToken(models.Model):
    """A program's access in the name of one position; only the digest is kept."""

    person = models.ForeignKey(
        Person, verbose_name=_("人员"), on_delete=models.CASCADE, related_name="tokens"
    )
    position_id = models.BigIntegerField(_("身份编号"))
    name = models.CharField(_("用途"), max_length=60, validators=[validate_plain])
    scopes = models.JSONField(_("范围"), default=list)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("生成时间"), auto_now_add=True)
    expires_on = models.DateField(_("有效期至"))
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    audit_secret = ("digest",)

    class Meta:
        verbose_name = _("接口令牌")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class SecurityRule(Versioned):
    """The single row of what an administrator demands of logins."""

    second_factor = models.BooleanField(
        _("要求双重验证"),
        default=False,
        help_text=_("开启后，管理处、领导、审计和系统管理员须设置动态口令或通行密钥才能进入。"),
    )

    class Meta:
        verbose_name = _("登录安全设置")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
