"""A need and an offer that are brought together, and what both sides say to it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.lists.models import Entry, Kind
from lianqiao.matching.models.pairing import Pairing
from lianqiao.matching.models.round import Round
from lianqiao.registry.models import Chain, Organisation, Unit


class Side(models.TextChoices):
    NEED = "need", _("需求方")
    OFFER = "offer", _("提供方")


class Unfit(models.TextChoices):
    """Why one side does not want the other: its own business and the office's."""

    CONTENT = "content", _("内容不符")
    TIME = "time", _("时间不合适")
    CAPACITY = "capacity", _("人手或名额不足")
    PLACE = "place", _("距离太远")
    COST = "cost", _("费用或条件谈不拢")
    SERVED = "served", _("已有合作方")
    OTHER = "other", _("其他原因")


class Match(Versioned):
    """One need with one resource or service. What one side says is shown to the other, and to nobody else."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待发布")
        OFFERED = "offered", _("待答复")
        ACCEPTED = "accepted", _("已对接")
        DECLINED = "declined", _("未对接")
        LAPSED = "lapsed", _("逾期未答复")
        WITHDRAWN = "withdrawn", _("已撤回")
        FAILED = "failed", _("未谈成")

    class Origin(models.TextChoices):
        ROUND = "round", _("对接轮次")
        SUGGESTION = "suggestion", _("推荐")
        BY_HAND = "by_hand", _("人工指定")

    class Said(models.TextChoices):
        NOTHING = "", _("未答复")
        ACCEPT = "accept", _("同意")
        DECLINE = "decline", _("谢绝")
        RESCOPE = "rescope", _("另提方案")
        FAILED = "failed", _("未谈成")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="matches"
    )
    round = models.ForeignKey(
        Round,
        verbose_name=_("对接轮次"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="matches",
    )
    origin = models.CharField(_("由来"), max_length=10, choices=Origin)
    need = models.ForeignKey(
        Entry, verbose_name=_("需求"), on_delete=models.PROTECT, related_name="matches_as_need"
    )
    offer = models.ForeignKey(
        Entry, verbose_name=_("资源或服务"), on_delete=models.PROTECT, related_name="matches_as_offer"
    )
    # As they were when it was made: who was asked stays known when an entry changes hands.
    enterprise = models.ForeignKey(
        Organisation, verbose_name=_("需求方"), on_delete=models.PROTECT, related_name="matches_asked"
    )
    giver = models.ForeignKey(
        Organisation, verbose_name=_("提供方"), on_delete=models.PROTECT, related_name="matches_given"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("二级单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="matches",
    )
    pairing = models.ForeignKey(
        Pairing,
        verbose_name=_("结对"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="matches",
    )
    score = models.FloatField(_("契合度"), null=True, blank=True)
    rank = models.PositiveSmallIntegerField(_("推荐次序"), null=True, blank=True)
    # Reasons and differences as the engine and the entries gave them; sentences are made in templates.
    reasons = models.JSONField(_("理由"), default=list, blank=True)
    differences = models.JSONField(_("差异"), default=list, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PLANNED, editable=False)
    need_said = models.CharField(_("需求方答复"), max_length=8, choices=Said, blank=True, editable=False)
    offer_said = models.CharField(_("提供方答复"), max_length=8, choices=Said, blank=True, editable=False)
    # What both talk about now: empty means as the two entries say.
    scope = models.TextField(_("合作内容"), max_length=1000, blank=True, validators=[validate_text])
    answer_by = models.DateField(_("请在此日前答复"), null=True, blank=True, editable=False)
    offered_at = models.DateTimeField(_("发出时间"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True, editable=False)
    settled_at = models.DateTimeField(_("办结时间"), null=True, blank=True, editable=False)
    audit_computed = ("reminded_at",)

    class Meta:
        verbose_name = _("对接")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["chain", "state", "-id"], name="match_list"),
            models.Index(fields=["state", "answer_by"], name="match_clock"),
            models.Index(fields=["chain", "-changed_at"], name="match_changed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "offer"],
                condition=Q(state__in=["offered", "accepted"]),
                name="one_live_match",
                violation_error_message=_("这两条已经在对接。"),
            ),
            models.UniqueConstraint(fields=["round", "need", "offer"], name="one_match_in_a_round"),
            models.CheckConstraint(
                condition=~Q(state="planned") | Q(round__isnull=False), name="planned_match_has_a_round"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(need_said="accept", offer_said="accept"),
                name="accepted_by_both",
            ),
            models.CheckConstraint(condition=~Q(need=F("offer")), name="no_match_with_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.need} — {self.offer}"

    @property
    def label(self) -> str:
        return str(self)

    def clean(self) -> None:
        if self.need.kind != Kind.NEED or self.offer.kind == Kind.NEED:
            raise ValidationError(_("对接的一边应是需求，另一边应是资源或服务。"))
        if self.need.chain_id != self.chain_id or self.offer.chain_id != self.chain_id:
            raise ValidationError(_("对接的两条应在同一条产业链上。"))


class Answer(models.Model):
    """What one side said, in the order in which it was said; the last one counts."""

    match = models.ForeignKey(Match, verbose_name=_("对接"), on_delete=models.CASCADE, related_name="answers")
    # Empty where the office says it for both.
    side = models.CharField(_("哪一方"), max_length=5, choices=Side, blank=True)
    said = models.CharField(_("答复"), max_length=8, choices=Match.Said)
    reason = models.CharField(_("原因"), max_length=20, blank=True, choices=Unfit)
    note = models.CharField(_("说明"), max_length=500, blank=True, validators=[validate_plain])
    # What is said when one side declines is kept from the other, unless the person wants it to be read there.
    is_shared = models.BooleanField(_("让对方看到说明"), default=False)
    scope = models.TextField(_("另提的方案"), max_length=1000, blank=True, validators=[validate_text])
    person = models.ForeignKey(
        Person, verbose_name=_("人员"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_label = models.CharField(_("答复人"), max_length=300)
    by_link = models.BooleanField(_("通过链接"), default=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("对接答复")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(said__in=["decline", "failed"]) | ~Q(reason=""),
                name="declined_says_why",
                violation_error_message=_("请选择原因。"),
            ),
            models.CheckConstraint(
                condition=~Q(said="rescope") | ~Q(scope=""),
                name="rescope_says_what",
                violation_error_message=_("请写明您建议的合作内容。"),
            ),
            models.CheckConstraint(condition=~Q(side="") | Q(said="failed"), name="answer_of_a_side"),
        ]

    def __str__(self) -> str:
        return f"{self.side_label}：{self.get_said_display()}"

    @property
    def side_label(self) -> str:
        return str(Side(self.side).label if self.side else _("管理处"))


class Dismissal(models.Model):
    """Not this one: the side of `entry` does not want `other` suggested. Nobody else ever sees it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="dismissals")
    other = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="dismissed_by")
    reason = models.CharField(_("原因"), max_length=20, choices=Unfit)
    for_good = models.BooleanField(_("不再推荐"), default=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("不合适")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["entry", "other"], name="one_dismissal")]

    def __str__(self) -> str:
        return f"{self.entry} ≠ {self.other}"


class MatchLink(models.Model):
    """A link by which one side answers without an account, once; only the digest of its token is kept."""

    match = models.ForeignKey(Match, verbose_name=_("对接"), on_delete=models.CASCADE, related_name="links")
    side = models.CharField(_("哪一方"), max_length=5, choices=Side)
    digest = models.CharField(max_length=64, unique=True)
    ask = models.CharField(_("有疑问找谁"), max_length=120, validators=[validate_plain])
    sender = models.ForeignKey(
        Person, verbose_name=_("发出人"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    opened_at = models.DateTimeField(_("打开时间"), null=True, blank=True)
    used_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    audit_secret = ("digest",)

    class Meta:
        verbose_name = _("答复链接")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and self.revoked_at is None and now < self.expires_at
