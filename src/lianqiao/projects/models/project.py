"""A co-built project: published, claimed, worked in milestones, accepted by the other side."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.agreements.models import Agreement
from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.lists.models import Dimension, Entry
from lianqiao.matching.models import Match
from lianqiao.registry.models import Chain, Organisation, Unit
from lianqiao.registry.models.chain import DATES_IN_ORDER
from lianqiao.registry.models.named import Named


class ProjectKind(Named):
    """What a chain calls its projects by: research topic, talent training, building renewal, ..."""

    class State(models.TextChoices):
        ACTIVE = "active", _("使用中")
        RETIRED = "retired", _("已停用")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="project_kinds"
    )
    name = models.CharField(_("项目类别"), max_length=30, validators=[validate_plain])
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True, validators=[validate_plain])
    dimensions = models.JSONField(_("产学研训创"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("排列次序"), default=0)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ACTIVE, editable=False)

    class Meta:
        verbose_name = _("项目类别")
        ordering = ["chain", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "name"], name="one_project_kind",
                violation_error_message=_("本链已有同名的项目类别。"),
            )
        ]  # fmt: skip


class Project(Versioned):
    """`sponsor` is for whom it is done and who accepts it; `holder` is who claimed it and does it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        OPEN = "open", _("待认领")
        WORKING = "working", _("在做")
        DELIVERED = "delivered", _("待验收")
        ACCEPTED = "accepted", _("已验收")
        STOPPED = "stopped", _("已中止")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="projects"
    )
    kind = models.ForeignKey(
        ProjectKind, verbose_name=_("项目类别"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="projects",
    )  # fmt: skip
    number = models.PositiveIntegerField(_("序号"), editable=False)
    title = models.CharField(_("项目名称"), max_length=120, validators=[validate_plain])
    description = models.TextField(_("内容与要求"), max_length=4000, blank=True, validators=[validate_text])
    dimensions = models.JSONField(_("产学研训创"), default=list, blank=True)
    # Where it came from: any of them, the nearest is the one that is told.
    need = models.ForeignKey(
        Entry,
        verbose_name=_("需求"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    match = models.ForeignKey(
        Match,
        verbose_name=_("对接"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    agreement = models.ForeignKey(
        Agreement, verbose_name=_("协议"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="projects",
    )  # fmt: skip
    sponsor = models.ForeignKey(
        Organisation, verbose_name=_("服务对象"), on_delete=models.PROTECT, related_name="projects_sponsored"
    )
    sponsor_unit = models.ForeignKey(
        Unit, verbose_name=_("服务的二级单位"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="projects_sponsored",
    )  # fmt: skip
    # Born of a match or a clause: whose it would be. Until it answers nobody else sees the project or may claim it.
    asked = models.ForeignKey(
        Organisation, verbose_name=_("拟请承接的单位"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="projects_asked",
    )  # fmt: skip
    asked_unit = models.ForeignKey(
        Unit, verbose_name=_("拟请承接的二级单位"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="projects_asked",
    )  # fmt: skip
    declined_reason = models.CharField(
        _("不承接的原因"), max_length=300, blank=True, editable=False, validators=[validate_plain]
    )
    holder = models.ForeignKey(
        Organisation, verbose_name=_("承接单位"), null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="projects_held",
    )  # fmt: skip
    holder_unit = models.ForeignKey(
        Unit, verbose_name=_("承接的二级单位"), null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="projects_held",
    )  # fmt: skip
    claim_by = models.DateField(_("认领截止日期"), null=True, blank=True)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("计划完成日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(_("认领时间"), null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("交付时间"), null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(_("验收时间"), null=True, blank=True, editable=False)
    sent_back_reason = models.CharField(
        _("退回修改的原因"), max_length=500, blank=True, editable=False, validators=[validate_plain]
    )
    stopped_reason = models.CharField(_("中止原因"), max_length=300, blank=True, validators=[validate_plain])
    follows = models.ForeignKey(
        "self", verbose_name=_("上一个项目"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="followed_by",
    )  # fmt: skip
    registered_by = models.ForeignKey(
        Organisation, verbose_name=_("由谁登记"), null=True, blank=True, editable=False,
        on_delete=models.SET_NULL, related_name="projects_registered",
    )  # fmt: skip

    class Meta:
        verbose_name = _("共建项目")
        ordering = ["-id"]
        indexes = [models.Index(fields=["chain", "state", "-id"], name="project_list")]
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="one_project_number"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open", "stopped"]) | Q(holder__isnull=False),
                name="worked_project_has_a_holder",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["draft", "open"]) | Q(holder=None), name="open_project_has_no_holder"
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | ~Q(stopped_reason=""),
                name="stopped_says_why",
                violation_error_message=_("中止项目请写明原因。"),
            ),
            models.CheckConstraint(
                condition=Q(holder=None) | ~Q(holder=F("sponsor")),
                name="nobody_serves_itself",
                violation_error_message=_("不能认领为本单位自己做的项目。"),
            ),
            models.CheckConstraint(
                condition=Q(asked=None) | ~Q(asked=F("sponsor")), name="nobody_is_asked_by_itself"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="project_dates",
                violation_error_message=DATES_IN_ORDER,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return str(self)

    def clean(self) -> None:
        if unknown := set(self.dimensions) - set(Dimension.values):
            names = " ".join(map(str, unknown))
            raise ValidationError({"dimensions": _("没有这样的维度：%(names)s。") % {"names": names}})


class Claim(Versioned):
    """Who wants to do a project. The first holds it; the others wait, in their order, until a place is handed over."""

    class State(models.TextChoices):
        HELD = "held", _("已认领")
        WAITING = "waiting", _("候补中")
        WITHDRAWN = "withdrawn", _("已放弃")
        HANDED_OVER = "handed_over", _("已转交")

    project = models.ForeignKey(
        Project, verbose_name=_("共建项目"), on_delete=models.CASCADE, related_name="claims"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("认领单位"), on_delete=models.PROTECT, related_name="claims"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("二级单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
    )
    plan = models.TextField(_("打算怎么做"), max_length=1000, blank=True, validators=[validate_text])
    state = models.CharField(_("状态"), max_length=12, choices=State, editable=False)
    claimed_at = models.DateTimeField(_("认领时间"), editable=False)
    given_up_reason = models.CharField(
        _("放弃的原因"), max_length=300, blank=True, editable=False, validators=[validate_plain]
    )
    by_label = models.CharField(_("认领人"), max_length=300, editable=False)

    class Meta:
        verbose_name = _("认领")
        ordering = ["claimed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="held"), name="one_winner",
                violation_error_message=_("这个项目已被认领。"),
            ),
            models.UniqueConstraint(
                fields=["project", "organisation", "unit"],
                condition=Q(state__in=["held", "waiting"]),
                nulls_distinct=False,
                name="one_claim_of_each",
                violation_error_message=_("贵单位已经认领或在候补。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit or self.organisation} — {self.project}"


class ClaimLimit(Versioned):
    """How many projects one unit (or an organisation as a whole) works on at once on this chain."""

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="claim_limits"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.CASCADE, related_name="claim_limits"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("二级单位"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="claim_limits",
    )
    most = models.PositiveSmallIntegerField(_("同时承接"))

    class Meta:
        verbose_name = _("承接上限")
        ordering = ["chain", "organisation__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "organisation", "unit"], nulls_distinct=False, name="one_claim_limit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.organisation}: {self.most}"


class Milestone(Versioned):
    """A day by which something of the project is there."""

    class State(models.TextChoices):
        OPEN = "open", _("未完成")
        DONE = "done", _("已完成")
        DROPPED = "dropped", _("已取消")

    project = models.ForeignKey(
        Project, verbose_name=_("共建项目"), on_delete=models.CASCADE, related_name="milestones"
    )
    title = models.CharField(_("节点"), max_length=120, validators=[validate_plain])
    due_on = models.DateField(_("应于此日前"))
    # Nobody: whoever holds the project, also after it was handed over.
    owner = models.ForeignKey(
        Organisation, verbose_name=_("责任单位"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="milestones",
    )  # fmt: skip
    state = models.CharField(_("状态"), max_length=7, choices=State, default=State.OPEN, editable=False)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True, editable=False)
    audit_computed = ("reminded_at",)

    class Meta:
        verbose_name = _("项目节点")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["state", "due_on"], name="milestone_clock")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False), name="done_milestone_says_when"
            )
        ]

    def __str__(self) -> str:
        return self.title


class WorkNote(models.Model):
    """One line of the work log."""

    class State(models.TextChoices):
        SHOWN = "shown", _("显示")
        REMOVED = "removed", _("已删除")

    project = models.ForeignKey(
        Project, verbose_name=_("共建项目"), on_delete=models.CASCADE, related_name="notes"
    )
    worked_on = models.DateField(_("日期"))
    text = models.TextField(_("工作记录"), max_length=1000, validators=[validate_text])
    person = models.ForeignKey(
        Person, verbose_name=_("人员"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_label = models.CharField(_("记录人"), max_length=300)
    at = models.DateTimeField(_("时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.SHOWN, editable=False)

    class Meta:
        verbose_name = _("工作记录")
        ordering = ["-worked_on", "-id"]

    def __str__(self) -> str:
        return self.text[:40]
