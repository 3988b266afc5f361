"""An agreement, its parties, its versions, and who signed which version."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.models.template import AgreementKind, AgreementTemplate
from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.lists.models import Dimension
from lianqiao.matching.models import Match, Pairing
from lianqiao.registry.models import Chain, ChainPartyOrganisation, Organisation, Unit
from lianqiao.registry.models.chain import DATES_IN_ORDER


class Agreement(Versioned):
    """Its text stands in its versions; the newest is the one that is worked on or was signed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        REVIEW = "review", _("征求意见")
        FINAL = "final", _("已定稿")
        SIGNED = "signed", _("已签订")
        EXPIRED = "expired", _("已到期")
        ENDED = "ended", _("已提前终止")
        ABANDONED = "abandoned", _("已作废")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="agreements"
    )
    kind = models.CharField(_("协议种类"), max_length=20, choices=AgreementKind)
    title = models.CharField(_("协议名称"), max_length=120, validators=[validate_plain])
    # Of the year in which it was given: what the number is made of.
    year = models.PositiveSmallIntegerField(_("编号年份"), null=True, blank=True, editable=False)
    serial = models.PositiveIntegerField(_("当年序号"), null=True, blank=True, editable=False)
    # Given when the text is final; NULL before, as two empty strings would collide.
    number = models.CharField(_("协议编号"), max_length=40, null=True, blank=True, editable=False)  # noqa: DJ001
    template = models.ForeignKey(
        AgreementTemplate, verbose_name=_("模板"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="agreements",
    )  # fmt: skip
    pairing = models.ForeignKey(
        Pairing, verbose_name=_("结对"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="agreements",
    )  # fmt: skip
    matches = models.ManyToManyField(Match, verbose_name=_("对接"), blank=True, related_name="agreements")
    dimensions = models.JSONField(_("产学研训创"), default=list, blank=True)
    starts_on = models.DateField(_("生效日期"), null=True, blank=True)
    ends_on = models.DateField(_("到期日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    signed_on = models.DateField(_("签订日期"), null=True, blank=True, editable=False)
    ended_on = models.DateField(_("终止日期"), null=True, blank=True, editable=False)
    ended_reason = models.CharField(_("终止原因"), max_length=300, blank=True, validators=[validate_plain])
    renews = models.ForeignKey(
        "self", verbose_name=_("续签自"), null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="renewed_by",
    )  # fmt: skip
    filed_at = models.CharField(_("归档位置"), max_length=80, blank=True, validators=[validate_plain])
    # The nearest number of days before the end of which everybody was told already.
    warned_days = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    audit_computed = ("warned_days",)

    class Meta:
        verbose_name = _("协议")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["chain", "state", "-id"], name="agreement_list"),
            models.Index(fields=["state", "ends_on"], name="agreement_clock"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "number"], name="one_agreement_number",
                violation_error_message=_("本链已有此编号的协议。"),
            ),
            models.UniqueConstraint(fields=["chain", "year", "serial"], name="one_agreement_serial"),
            # Two people who draft for one pairing at once would have two texts to agree on.
            models.UniqueConstraint(
                fields=["pairing", "kind"], condition=Q(state__in=["draft", "review", "final"]),
                name="one_open_agreement",
                violation_error_message=_("这一对已有一份同类的协议正在起草或待签，请在那一份上继续。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "expired", "ended"])
                | Q(number__isnull=False, signed_on__isnull=False, starts_on__isnull=False),
                name="signed_has_number_and_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | (Q(ended_on__isnull=False) & ~Q(ended_reason="")),
                name="ended_says_why",
                violation_error_message=_("提前终止请写明日期和原因。"),
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="agreement_dates",
                violation_error_message=DATES_IN_ORDER,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return str(self)

    def clean(self) -> None:
        if unknown := set(self.dimensions) - set(Dimension.values):
            names = " ".join(map(str, unknown))
            raise ValidationError({"dimensions": _("没有这样的维度：%(names)s。") % {"names": names}})


class AgreementParty(models.Model):
    """甲方, 乙方, 丙方: an organisation, one of its units, or the chain's Party organisation."""

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("协议"), on_delete=models.CASCADE, related_name="parties"
    )
    position = models.PositiveSmallIntegerField(_("次序"))
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="agreements_joined",
    )  # fmt: skip
    unit = models.ForeignKey(
        Unit, verbose_name=_("二级单位"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="agreements_joined",
    )  # fmt: skip
    party_organisation = models.ForeignKey(
        ChainPartyOrganisation, verbose_name=_("产业链党组织"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="agreements_joined",
    )  # fmt: skip
    # A person who signs for himself: the student of an internship. Shown to the parties and the office alone.
    person_name = models.CharField(_("个人姓名"), max_length=60, blank=True, validators=[validate_plain])
    represented_by = models.CharField(
        _("法定代表人或负责人"), max_length=60, blank=True, validators=[validate_plain]
    )
    liaison = models.CharField(_("联络人"), max_length=60, blank=True, validators=[validate_plain])
    # What the party said to the version under review.
    agreed_version = models.PositiveIntegerField(_("同意的版本"), null=True, blank=True, editable=False)
    agreed_at = models.DateTimeField(_("同意时间"), null=True, blank=True, editable=False)
    # A college's agreement is its school's business too.
    approved_version = models.PositiveIntegerField(_("院校批准的版本"), null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("院校批准时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("协议一方")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "position"], name="one_party_at_a_position"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False)
                | Q(party_organisation__isnull=False)
                | ~Q(person_name=""),
                name="party_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit or self.organisation or self.party_organisation or self.person_name)


class AgreementVersion(Versioned):
    """The text at one time: clauses in order, the fields that fill them, the digest of what that reads.

    It is written on until it is sealed, which happens when it is sent to the parties; after that it never changes.
    """

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("协议"), on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(_("版本"))
    # [{"key", "title", "text", "obligation": {"what", "times", "every", "by": position or 0}}]
    clauses = models.JSONField(_("条款"), default=list)
    # {name: {"value", "origin", "id"}}
    fields = models.JSONField(_("字段"), default=dict)
    sealed_at = models.DateTimeField(_("送审时间"), null=True, blank=True, editable=False)
    sha256 = models.CharField(_("指纹"), max_length=64)
    made_at = models.DateTimeField(_("时间"))
    by_label = models.CharField(_("起草人"), max_length=300)
    note = models.CharField(_("修改说明"), max_length=200, blank=True, validators=[validate_plain])

    class Meta:
        verbose_name = _("协议版本")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_version_number"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(sealed_at=None), name="one_open_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} v{self.number}"


class Remark(models.Model):
    """What a party asks to be changed in one clause, while the text is under review."""

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        TAKEN = "taken", _("已采纳")
        LEFT = "left", _("未采纳")

    revision = models.ForeignKey(
        AgreementVersion, verbose_name=_("版本"), on_delete=models.CASCADE, related_name="remarks"
    )
    party = models.ForeignKey(
        AgreementParty, verbose_name=_("哪一方"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="remarks",
    )  # fmt: skip
    clause = models.CharField(_("条款"), max_length=40, blank=True)
    text = models.TextField(_("意见"), max_length=1000, validators=[validate_text])
    by_label = models.CharField(_("提出人"), max_length=300)
    at = models.DateTimeField(_("时间"))
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.OPEN, editable=False)
    answer = models.CharField(_("回复"), max_length=300, blank=True, validators=[validate_plain])

    class Meta:
        verbose_name = _("修改意见")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:40]


class Signature(models.Model):
    """A party signed one version on paper; the platform notes who said so and when."""

    revision = models.ForeignKey(
        AgreementVersion, verbose_name=_("版本"), on_delete=models.PROTECT, related_name="signatures"
    )
    party = models.ForeignKey(
        AgreementParty, verbose_name=_("哪一方"), on_delete=models.PROTECT, related_name="signatures"
    )
    signed_on = models.DateField(_("签字日期"))
    signer = models.CharField(_("签字人"), max_length=60, validators=[validate_plain])
    noted_at = models.DateTimeField(_("登记时间"))
    by_label = models.CharField(_("登记人"), max_length=300)
    # The text was changed after it, or it was noted by mistake; it stays to be seen.
    voided_at = models.DateTimeField(_("失效时间"), null=True, blank=True, editable=False)
    voided_reason = models.CharField(_("失效原因"), max_length=200, blank=True, validators=[validate_plain])

    class Meta:
        verbose_name = _("签字")
        ordering = ["signed_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "party"], condition=Q(voided_at=None), name="one_signature",
                violation_error_message=_("这一方已在这一版上签字。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.party} {self.signed_on}"


class Scan(models.Model):
    """The scanned paper of a signed version."""

    revision = models.ForeignKey(
        AgreementVersion, verbose_name=_("版本"), on_delete=models.PROTECT, related_name="scans"
    )
    name = models.CharField(_("文件名"), max_length=120, validators=[validate_plain])
    content_type = models.CharField(_("文件类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(_("指纹"), max_length=64)
    file = models.FileField(_("文件"), max_length=100)
    at = models.DateTimeField(_("时间"))
    by_label = models.CharField(_("上传人"), max_length=300)

    class Meta:
        verbose_name = _("扫描件")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "sha256"], name="one_scan_once",
                violation_error_message=_("这个扫描件已经上传。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
