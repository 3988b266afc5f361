"""A round of matching: its scope and rules, what went in and came out, what was changed by hand."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqiao.core.models import Job, Versioned
from lianqiao.core.text import validate_plain
from lianqiao.lists.models import Entry
from lianqiao.registry.models import Chain


class Round(Versioned):
    """One run of matching on one chain. `scope` and `rules` are those of `matching.policy`, as plain values."""

    class State(models.TextChoices):
        DRAFT = "draft", _("准备中")
        RUNNING = "running", _("计算中")
        READY = "ready", _("待发布")
        PUBLISHED = "published", _("已发布")
        CLOSED = "closed", _("已结束")
        DISCARDED = "discarded", _("已作废")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="rounds"
    )
    number = models.PositiveIntegerField(_("轮次"), editable=False)
    title = models.CharField(_("名称"), max_length=80, validators=[validate_plain])
    scope = models.JSONField(_("范围"), default=dict, blank=True)
    rules = models.JSONField(_("规则"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    job = models.ForeignKey(
        Job, verbose_name=_("任务"), null=True, blank=True, editable=False,
        on_delete=models.SET_NULL, related_name="rounds",
    )  # fmt: skip
    # What lists of rounds show: counts, sum, worst, bound, prices of the rules. The record holds the whole.
    summary = models.JSONField(_("结果摘要"), default=dict, blank=True, editable=False)
    ready_at = models.DateTimeField(_("算出时间"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("对接轮次")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="one_round_number"),
            # Two plans over the same lists would promise the same capacity twice.
            models.UniqueConstraint(
                fields=["chain"],
                condition=Q(state="running"),
                name="one_running_round",
                violation_error_message=_("这条产业链已有一轮正在计算，请等它结束。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "closed"]) | Q(published_at__isnull=False),
                name="published_round_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return str(self)


class RoundRecord(models.Model):
    """All that went into a round and came out of it, compressed; written once, with the plan, and never changed."""

    round = models.OneToOneField(
        Round, verbose_name=_("对接轮次"), on_delete=models.PROTECT, related_name="record"
    )
    content = models.BinaryField()
    sha256 = models.CharField(_("指纹"), max_length=64)
    engine_version = models.CharField(_("引擎版本"), max_length=40)
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("轮次记录")

    def __str__(self) -> str:
        return f"{self.round} {self.sha256[:8]}"


class RoundNeed(models.Model):
    """One need of a round as the plan left it: why it has no partner, and the nearest that were not chosen.

    Written with the record, of which it is a part that pages can read without reading the whole.
    """

    class Why(models.TextChoices):
        SERVED = "", _("已对接")
        SILENT = "silent", _("没有可比较的内容")
        NOTHING_FITS = "nothing fits", _("没有足够接近的")
        BARRED = "barred", _("最接近的不能对接")
        TAKEN = "taken", _("合适的已用于别处")

    round = models.ForeignKey(
        Round, verbose_name=_("对接轮次"), on_delete=models.PROTECT, related_name="needs"
    )
    need = models.ForeignKey(Entry, verbose_name=_("需求"), on_delete=models.PROTECT, related_name="+")
    why = models.CharField(_("未对接的原因"), max_length=12, choices=Why, blank=True)
    best = models.ForeignKey(
        Entry, verbose_name=_("最接近的"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    score = models.FloatField(_("契合度"), default=0)
    bars = models.JSONField(default=list)
    others = models.JSONField(default=list)

    class Meta:
        verbose_name = _("轮次中的需求")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["round", "need"], name="one_need_in_a_round")]

    def __str__(self) -> str:
        return str(self.need)


class Adjustment(models.Model):
    """A change of the plan by hand before it was published: what was taken away or put in, and what it cost."""

    class State(models.TextChoices):
        DONE = "done", _("已调整")
        UNDONE = "undone", _("已撤销")

    round = models.ForeignKey(
        Round, verbose_name=_("对接轮次"), on_delete=models.PROTECT, related_name="adjustments"
    )
    need = models.ForeignKey(Entry, verbose_name=_("需求"), on_delete=models.PROTECT, related_name="+")
    taken = models.ForeignKey(
        Entry, verbose_name=_("取消的对接"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    given = models.ForeignKey(
        Entry, verbose_name=_("换上的对接"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("理由"), max_length=200, blank=True, validators=[validate_plain])
    # What the person was shown before: how much less the plan is worth, and who loses what.
    consequences = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("时间"))
    by_label = models.CharField(_("办理人"), max_length=300)
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.DONE)

    class Meta:
        verbose_name = _("人工调整")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__isnull=False) | Q(given__isnull=False), name="adjustment_changes_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.need}：{self.taken or '—'} → {self.given or '—'}"
