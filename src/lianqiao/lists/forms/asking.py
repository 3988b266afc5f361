"""What the office says when it asks, and what is answered on a telephone."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.days import DayInput
from lianqiao.core.text import validate_plain
from lianqiao.lists.actions.asking import MOST_DAYS, USUAL_DAYS
from lianqiao.lists.models import Asking, Entry, Kind
from lianqiao.lists.queries import categories_for
from lianqiao.lists.shown import masked
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField, SeenForm
from lianqiao.registry.forms.rows import RowsField, label_of
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import chains_for, containing, listed_organisations

ANYTHING: list[tuple[str, Any]] = [("", _("全部"))]
A_WHILE = timedelta(days=60)
# By when something is needed, or until when it is offered.
DAY_OF = {Kind.NEED: "due_on", Kind.RESOURCE: "ends_on", Kind.SERVICE: "ends_on"}


class AskingForm(ActionForm, forms.Form):
    """How long the links last, and whom those who get them may ask."""

    ask = forms.CharField(
        label=_("咨询联系人"),
        max_length=120,
        validators=[validate_plain],
        help_text=_("收到链接的人可以看到，可写明电话。"),
    )
    days = forms.IntegerField(
        label=_("有效天数"),
        initial=USUAL_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )
    mail = forms.BooleanField(
        label=_("知道电子邮箱的，由平台直接发送邮件"),
        required=False,
        help_text=_("发出邮件的链接不再显示；其余的显示在下一页，由您转发。"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ask"].initial = actor.name
        if not settings.EMAIL_HOST:
            del self.fields["mail"]

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("ask", "days")}


class ChosenForm(AskingForm):
    """`every` and `query` say that all rows of a filter were meant, so that it can be read once more."""

    chosen = RowsField(
        None,
        label=_("单位"),
        widget=forms.MultipleHiddenInput,
        error_messages={"required": _("请先勾选接收链接的单位。")},
    )
    chain: forms.ModelChoiceField = forms.ModelChoiceField(None, label=_("产业链"))
    every = forms.CharField(required=False, widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        active = Organisation.State.ACTIVE
        self.fields["chosen"].queryset = listed_organisations(actor).filter(state=active)
        chains = chains_for(actor)
        self.fields["chain"].queryset = chains
        self.fields["chain"].label_from_instance = label_of
        if len(one := list(chains[:2])) == 1:
            self.fields["chain"].initial = one[0]
            self.fields["chain"].widget = forms.HiddenInput()


class AskingFilters(forms.Form):
    q = forms.CharField(label=_("单位"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[*ANYTHING, *Asking.State.choices])
    purpose = forms.ChoiceField(label=_("用途"), required=False, choices=[*ANYTHING, *Asking.Purpose.choices])

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def narrow(self, rows: QuerySet[Asking]) -> QuerySet[Asking]:
        asked = self.cleaned_data
        rows = containing(rows, asked["q"], "organisation__search_text")
        if asked["purpose"]:
            rows = rows.filter(purpose=asked["purpose"])
        return rows.filter(in_state(asked["state"], timezone.now())) if asked["state"] else rows


def in_state(state: str, now: datetime) -> Q:
    """The same as `Asking.state`, for the database."""
    unanswered = Q(used_at=None, revoked_at=None)
    lasting = unanswered & Q(expires_at__gt=now)
    return {
        Asking.State.USED: Q(used_at__isnull=False),
        Asking.State.REVOKED: Q(used_at=None, revoked_at__isnull=False),
        Asking.State.EXPIRED: unanswered & Q(expires_at__lte=now),
        Asking.State.OPENED: lasting & Q(opened_at__isnull=False),
        Asking.State.SENT: lasting & Q(opened_at=None),
    }[Asking.State(state)]


class AnswerForm(ActionForm, SeenForm):
    """One screen of a telephone. A number that is known already is shown masked and kept unless another is typed."""

    refused_at: ClassVar = {"submitted_is_complete": "title", "entry_dates": "ends_on"}

    class Meta:
        model = Entry
        fields = ["title", "description", "category", "due_on", "ends_on", "contact_name", "contact_phone"]
        field_classes = {"due_on": DayField, "ends_on": DayField}
        labels = {"due_on": _("希望何时前完成")}
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "next"}),
            "description": forms.Textarea(attrs={"rows": 3}),
            "category": forms.RadioSelect,
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        }
        help_texts = {"description": _("请写明数量、时间、工种或技术要求。")}

    def __init__(self, *args: Any, asking: Asking, actor: Actor, **kwargs: Any) -> None:
        entry = asking.entry or Entry(
            chain=asking.chain,
            kind=Kind.NEED,
            organisation=asking.organisation,
            contact_name=asking.contact_name,
            contact_phone=asking.contact_phone,
        )
        super().__init__(*args, instance=entry, **kwargs)
        self.known = entry.contact_phone
        self.fields["title"].required = True
        # Nobody here has an account: without a number there would be no way to answer.
        self.fields["contact_phone"].required = asking.entry is None and not self.known
        if entry.kind == Kind.NEED:
            self.fields["title"].label = _("一句话写明需要什么")
        for day in {"due_on", "ends_on"} - {DAY_OF[Kind(entry.kind)]}:
            del self.fields[day]
        # The figures of a telephone have no hyphen.
        example = _("如 %(day)s") % {"day": f"{timezone.localdate() + A_WHILE:%Y%m%d}"}
        self.fields[DAY_OF[Kind(entry.kind)]].widget = DayInput(example)
        self.offer_categories(entry, actor)
        self.initial["contact_phone"] = (kwargs.get("initial") or {}).get("contact_phone", "")
        if self.known:
            known = _("已登记 %(phone)s，不填就不变。") % {"phone": masked("contact_phone", self.known)}
            self.fields["contact_phone"].help_text = known

    def offer_categories(self, entry: Entry, actor: Actor) -> None:
        rows = categories_for(actor).filter(chain=entry.chain_id, kind=entry.kind)
        field = self.fields["category"]
        field.queryset = rows.filter(Q(state="active") | Q(pk__in=[entry.category_id]))
        field.empty_label = None
        field.label_from_instance = label_of
        if not field.queryset.exists():
            del self.fields["category"]

    def _post_clean(self) -> None:
        """The action validates the row as it will be."""

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        facts["contact_phone"] = facts["contact_phone"] or self.known
        return facts

    def wording(self) -> Entry:
        """What is typed so far, right or not, for the coach."""
        self.is_valid()
        names = ("title", "description", *DAY_OF.values())
        typed = {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
        return Entry(kind=self.instance.kind, **typed)
