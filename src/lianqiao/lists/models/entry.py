from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.lists.models.category import Category, Kind
from lianqiao.lists.terms import Audience, terms_of
from lianqiao.lists.validators import validate_audiences, validate_calendar
from lianqiao.registry.models import Chain, Organisation, Segment, Unit
from lianqiao.registry.models.chain import DATES_IN_ORDER


class Dimension(models.TextChoices):
    INDUSTRY = "industry", _("产")
    TEACHING = "teaching", _("学")
    RESEARCH = "research", _("研")
    TRAINING = "training", _("训")
    ENTREPRENEURSHIP = "entrepreneurship", _("创")


class Entry(Versioned):
    """One line of the three lists: what somebody offers, does for others, or needs."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        RETURNED = "returned", _("已退回")
        PUBLISHED = "published", _("已发布")
        MATCHING = "matching", _("对接中")
        FULFILLED = "fulfilled", _("已办结")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("已暂停")
        MERGED = "merged", _("已并入")

    class Reach(models.TextChoices):
        DISTRICT = "district", _("本区")
        CITY = "city", _("本市")
        PROVINCE = "province", _("本省")
        ANYWHERE = "anywhere", _("不限")

    class Urgency(models.TextChoices):
        LOW = "low", _("不急")
        NORMAL = "normal", _("一般")
        HIGH = "high", _("紧急")

    class Source(models.TextChoices):
        FORM = "form", _("在线填报")
        ROUNDTABLE = "roundtable", _("座谈")
        VISIT = "visit", _("走访")
        WORKBOOK = "workbook", _("表格导入")
        TEXT = "text", _("文字摘录")
        LINK = "link", _("链接填报")
        API = "api", _("接口")

    # Each index of a list begins with it.
    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), db_index=False, on_delete=models.PROTECT, related_name="entries"
    )
    kind = models.CharField(_("清单"), max_length=8, choices=Kind)
    # Given when it is submitted, so that drafts leave no gaps.
    number = models.PositiveIntegerField(_("序号"), null=True, blank=True, editable=False)
    category = models.ForeignKey(
        Category, verbose_name=_("类别"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="entries",
    )  # fmt: skip
    title = models.CharField(_("名称"), max_length=120, blank=True, validators=[validate_plain])
    description = models.TextField(_("内容说明"), max_length=4000, blank=True, validators=[validate_text])
    # Its index is `entry_place`.
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), null=True, blank=True, db_index=False,
        on_delete=models.PROTECT, related_name="entries",
    )  # fmt: skip
    # While it is a draft: what was written where the register knows no such name.
    organisation_name = models.CharField(
        _("原文中的单位名称"), max_length=120, blank=True, validators=[validate_plain]
    )
    # Its index is `entry_unit`.
    unit = models.ForeignKey(
        Unit, verbose_name=_("二级单位"), null=True, blank=True, db_index=False,
        on_delete=models.PROTECT, related_name="entries",
    )  # fmt: skip
    segment = models.ForeignKey(
        Segment, verbose_name=_("链环节"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="entries",
    )  # fmt: skip
    industries = models.JSONField(_("行业代码"), default=list, blank=True)
    majors = models.JSONField(_("专业代码"), default=list, blank=True)
    occupations = models.JSONField(_("职业代码"), default=list, blank=True)
    dimensions = models.JSONField(_("产学研训创"), default=list, blank=True)

    capacity = models.PositiveIntegerField(_("容量或次数"), null=True, blank=True)
    calendar = models.JSONField(_("每周可用"), default=dict, blank=True, validators=[validate_calendar])
    partners_wanted = models.PositiveSmallIntegerField(
        _("希望对接几家"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    place = models.CharField(_("地点"), max_length=200, blank=True, validators=[validate_plain])
    reach = models.CharField(_("服务范围"), max_length=8, choices=Reach, blank=True)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("有效期至"), null=True, blank=True)
    due_on = models.DateField(_("期望完成日期"), null=True, blank=True)
    money = models.DecimalField(_("可投入资金（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    people = models.PositiveIntegerField(_("可投入人数"), null=True, blank=True)
    conditions = models.TextField(_("条件与费用"), max_length=1000, blank=True, validators=[validate_text])
    cooperation = models.TextField(_("合作方式"), max_length=1000, blank=True, validators=[validate_text])
    urgency = models.CharField(_("紧急程度"), max_length=6, choices=Urgency, default=Urgency.NORMAL)
    contact_name = models.CharField(_("联系人"), max_length=60, blank=True, validators=[validate_plain])
    contact_phone = models.CharField(_("联系电话"), max_length=40, blank=True, validators=[validate_plain])
    contact_email = models.EmailField(_("电子邮箱"), blank=True)

    source = models.CharField(_("来源"), max_length=10, choices=Source, default=Source.FORM)
    source_note = models.CharField(_("来源说明"), max_length=200, blank=True, validators=[validate_plain])
    source_sentence = models.TextField(_("来源原句"), max_length=1000, blank=True, validators=[validate_text])
    audience = models.CharField(_("公开范围"), max_length=6, choices=Audience, default=Audience.CHAIN)
    # Field -> audience, where the asker wants another than the usual one.
    visibility = models.JSONField(
        _("各项公开范围"), default=dict, blank=True, validators=[validate_audiences]
    )

    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    returned_reason = models.CharField(_("退回原因"), max_length=500, blank=True, validators=[validate_plain])
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("首次答复时间"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    promised_on = models.DateField(_("承诺答复日期"), null=True, blank=True, editable=False)
    fresh_until = models.DateField(_("确认有效至"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True, editable=False)
    # A draft that its writer deleted: nobody reaches it, and until the clock deletes it for good it can be given back.
    discarded_at = models.DateTimeField(_("删除时间"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("并入条目"), null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="merged_from",
    )  # fmt: skip
    registered_by = models.ForeignKey(
        Organisation, verbose_name=_("由谁登记"), null=True, blank=True, editable=False,
        on_delete=models.SET_NULL, related_name="entries_registered",
    )  # fmt: skip
    # What the index is made of (`lists/search.py`).
    search_text = models.TextField(editable=False, default="")
    audit_computed = ("search_text", "reminded_at")
    audit_secret = ("contact_phone", "contact_email")

    class Meta:
        verbose_name = _("清单条目")
        ordering = ["-changed_at", "-id"]
        indexes = [
            models.Index(fields=["chain", "kind", "-changed_at", "-id"], name="entry_list"),
            # What comes last in these is there to be looked at, not to be searched by.
            models.Index(
                fields=["chain", "kind", "state", "-changed_at", "-id", "audience"], name="entry_state"
            ),
            models.Index(fields=["chain", "state", "submitted_at"], name="entry_queue"),
            models.Index(fields=["chain", "-answered_at"], name="entry_answers"),
            # The day first: with the state in front SQLite took it for whatever is asked of one organisation.
            models.Index(fields=["fresh_until", "state"], name="entry_freshness"),
            models.Index(
                fields=["organisation", "kind", "chain", "-changed_at", "-id", "state"], name="entry_place"
            ),
            models.Index(
                fields=["unit", "organisation", "kind", "chain", "-changed_at", "-id", "state"],
                name="entry_unit",
            ),
            # Whatever else a list can be sorted by.
            models.Index(fields=["chain", "kind", "due_on", "id"], name="entry_by_due_on"),
            models.Index(fields=["chain", "kind", "ends_on", "id"], name="entry_by_ends_on"),
            models.Index(fields=["chain", "kind", "published_at", "id"], name="entry_by_published_at"),
            models.Index(fields=["chain", "kind", "promised_on", "id"], name="entry_by_promised_on"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "kind", "number"],
                name="one_entry_number",
                violation_error_message=_("这张清单已有此序号。"),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(organisation__isnull=False) & ~Q(title="")),
                name="submitted_is_complete",
                violation_error_message=_("提交之前请填写名称，并选择单位。"),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(number__isnull=False, submitted_at__isnull=False),
                name="submitted_is_numbered",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "matching", "fulfilled", "expired"])
                | Q(published_at__isnull=False),
                name="published_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_reason=""),
                name="returned_says_why",
                violation_error_message=_("退回时请写明原因。"),
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="merged_entry_says_into_what",
            ),
            models.CheckConstraint(
                condition=Q(discarded_at=None) | Q(state="draft"), name="only_drafts_are_discarded"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="entry_dates",
                violation_error_message=DATES_IN_ORDER,
            ),
            models.CheckConstraint(
                condition=Q(money=None) | Q(money__gte=0),
                name="money_is_not_negative",
                violation_error_message=_("资金不能是负数。"),
            ),
            models.CheckConstraint(
                condition=Q(unit=None) | Q(organisation__isnull=False),
                name="unit_has_its_organisation",
                violation_error_message=_("选了二级单位，也要选择它所属的单位。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("未命名的条目"))

    @property
    def label(self) -> str:
        return str(self)

    def wished(self) -> dict[str, list[int]]:
        """For each kind of wish the ids of the organisations."""
        said = list(self.wishes.order_by("organisation").values_list("kind", "organisation"))
        return {kind: [pk for each, pk in said if each == kind] for kind in ("must", "never")}

    def clean(self) -> None:
        """What one row's columns cannot say: the rows it points to belong together."""
        self.title = self.title.strip()
        wrong = {}
        if self.unit and self.unit.organisation_id != self.organisation_id:
            wrong["unit"] = _("“%(unit)s”不是该单位的二级单位。") % {"unit": self.unit}
        if self.segment and self.segment.chain_id != self.chain_id:
            wrong["segment"] = _("“%(segment)s”不是这条产业链的环节。") % {"segment": self.segment}
        if self.category and (self.category.chain_id, self.category.kind) != (self.chain_id, self.kind):
            wrong["category"] = _("“%(category)s”不是这张清单的类别。") % {"category": self.category}
        if unknown := set(self.dimensions) - set(Dimension.values):
            wrong["dimensions"] = _("没有这样的维度：%(names)s。") % {"names": " ".join(map(str, unknown))}
        if wrong:
            raise ValidationError(wrong)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = terms_of(self)
        super().save(*args, **kwargs)
