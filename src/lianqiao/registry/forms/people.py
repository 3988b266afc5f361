"""Forms of people and positions. They offer what the actor may grant, where the actor may grant it."""

import re
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.forms import PhoneField
from lianqiao.accounts.models import Person
from lianqiao.core.actor import Actor, Role
from lianqiao.core.permissions import may
from lianqiao.core.text import validate_plain
from lianqiao.registry.forms.fields import DayField
from lianqiao.registry.forms.pick import OrganisationField
from lianqiao.registry.models import Position, Unit
from lianqiao.registry.queries import chains_for, held_on, listed_organisations, positions_for, units_for
from lianqiao.registry.rules import APPOINTS

ANYTHING = [("", _("全部"))]
SOON = timedelta(days=30)


class LabelField(forms.ModelChoiceField):
    """Organisations and chains by their names in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class UnitField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.organisation.label} / {obj.label}"


class PositionForm(forms.Form):
    role = forms.ChoiceField(label=_("角色"))
    organisation = OrganisationField(label=_("单位"), required=False)
    unit = UnitField(
        None,
        label=_("二级单位"),
        required=False,
        empty_label=_("不分二级单位"),
        help_text=_("二级学院联系人须选择所属学院；其他角色可不选。"),
    )
    chain = LabelField(
        None,
        label=_("产业链"),
        required=False,
        empty_label=_("所属单位的全部产业链"),
        help_text=_("只管一条链时选择。"),
    )
    starts_on = DayField(label=_("开始日期"))
    ends_on = DayField(label=_("结束日期"), required=False, help_text=_("包括这一天；不填为长期。"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        appoints = APPOINTS[Role(actor.role)] if actor.role in APPOINTS else set()
        granted = [role for role in Role if role in appoints]
        offered = [(role.value, role.label) for role in granted]
        cast(forms.ChoiceField, self.fields["role"]).choices = [("", _("请选择")), *offered]
        self.fields["starts_on"].initial = timezone.localdate()
        organisations, chains = listed_organisations(actor), chains_for(actor)
        if actor.role == Role.SCHOOL_COORDINATOR:
            organisations = organisations.filter(Q(pk=actor.organisation_id))
        own = actor.organisation_id if actor.role == Role.SCHOOL_COORDINATOR else None
        cast(OrganisationField, self.fields["organisation"]).offer(organisations.order_by("name"), own)
        self.offer("unit", units_for(actor).filter(organisation__in=organisations))
        self.offer("chain", chains)
        if actor.role == Role.SYSTEM_ADMIN:
            del self.fields["chain"]
            self.fields["organisation"].help_text = _(
                "系统管理员只授予管理部门内的身份，企业和院校的由管理处授予。"
            )

    def offer(self, field: str, rows: QuerySet) -> None:
        cast(forms.ModelChoiceField, self.fields[field]).queryset = rows

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.errors:
            return facts
        if not facts["organisation"] and (facts["unit"] or self.must_be_placed(facts)):
            self.add_error("organisation", ValidationError(_("请选择单位或产业链。"), code="no_place"))
        elif not may(self.actor, "registry.grant_position", self.position(facts)):
            # Of what is offered, only a reach beyond the actor's own is left to be refused.
            message = _("此身份会超出您负责的范围：请选择您负责的一条产业链，管理处人员须选择您所在的单位。")
            self.add_error(
                "chain" if "chain" in self.fields else None, ValidationError(message, code="reach")
            )
        return facts

    def position(self, facts: dict[str, Any]) -> Position:
        places = ("role", "organisation", "unit", "chain", "starts_on", "ends_on")
        return Position(**{name: facts[name] for name in places if name in facts})

    def must_be_placed(self, facts: dict[str, Any]) -> bool:
        """What the office grants stands somewhere in its reach; the system administrator's own roles need not."""
        return self.actor.role != Role.SYSTEM_ADMIN and not facts["chain"]


class InvitationForm(PositionForm):
    name = forms.CharField(label=_("姓名"), max_length=60, validators=[validate_plain])
    phone = PhoneField(label=_("手机号"), help_text=_("也可用来登录。"))
    email = forms.EmailField(
        label=_("电子邮箱"), required=False, max_length=254, help_text=_("填写后，可自助重设密码。")
    )
    field_order = ["name", "phone", "email", *PositionForm.base_fields]


class ExtensionForm(forms.Form):
    ends_on = DayField(label=_("新的结束日期"), required=False, help_text=_("包括这一天；不填为长期。"))


class EndForm(forms.Form):
    ends_on = DayField(label=_("结束日期"), help_text=_("这一天仍然有效；要立即停止，请选昨天。"))


class PersonFilters(forms.Form):
    q = forms.CharField(label=_("姓名、手机号"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=ANYTHING + Person.State.choices)
    role = forms.ChoiceField(label=_("现任角色"), required=False, choices=ANYTHING + Role.choices)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.knows_usernames = actor.role in (Role.SYSTEM_ADMIN, Role.AUDITOR)
        if self.knows_usernames:
            self.fields["q"].label = _("姓名、登录名、手机号")

    def narrow(self, rows: QuerySet[Person]) -> QuerySet[Person]:
        asked = self.cleaned_data
        if text := asked["q"]:
            # Part of a number finds nobody, or guessing digit by digit would undo the masking.
            named = Q(name__icontains=text)
            if self.knows_usernames:
                named |= Q(username__icontains=text)
            rows = rows.filter(named | Q(phone=re.sub(r"[\s-]", "", text)))
        if asked["state"]:
            rows = rows.filter(state=asked["state"])
        if asked["role"]:
            held = held_on(positions_for(self.actor), timezone.localdate())
            rows = rows.filter(pk__in=held.filter(role=asked["role"]).values("person"))
        return rows


class PositionFilters(forms.Form):
    HELD, SOON, LATER, ENDED = "held", "soon", "later", "ended"
    STATES = [
        (HELD, _("在任")),
        (SOON, _("30 天内到期")),
        (LATER, _("尚未开始")),
        (ENDED, _("已结束")),
    ]

    q = forms.CharField(label=_("姓名或单位"), required=False, max_length=60)
    role = forms.ChoiceField(label=_("角色"), required=False, choices=ANYTHING + Role.choices)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=ANYTHING + STATES)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def narrow(self, rows: QuerySet[Position]) -> QuerySet[Position]:
        asked, today = self.cleaned_data, timezone.localdate()
        if text := asked["q"]:
            named = Q(person__name__icontains=text) | Q(unit__name__icontains=text)
            rows = rows.filter(named | Q(organisation__name__icontains=text))
        if asked["role"]:
            rows = rows.filter(role=asked["role"])
        if asked["state"] == self.HELD:
            return held_on(rows, today)
        if asked["state"] == self.SOON:
            return held_on(rows, today).filter(ends_on__lte=today + SOON)
        if asked["state"] == self.LATER:
            return rows.filter(starts_on__gt=today)
        if asked["state"] == self.ENDED:
            return rows.filter(ends_on__lt=today)
        return rows
