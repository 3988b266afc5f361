from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.text import validate_plain
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.queries import categories_for
from lianqiao.matching.models import Match, Round, RoundNeed
from lianqiao.matching.policy import Floor, Level, Objective, RoundRules, RoundScope, Wish, WishKind
from lianqiao.matching.queries.rounds import givers_in, givers_of_plan, places_of, taking_part
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField
from lianqiao.registry.forms.rows import RowsField
from lianqiao.registry.queries import chains_for, segments_for

ANYTHING: list[tuple[str, Any]] = [("", _("全部"))]


class RoundForm(ActionForm, forms.Form):
    """A new round. With one chain there is nothing to choose."""

    constrained_by: ClassVar = Round
    chain: forms.ModelChoiceField = forms.ModelChoiceField(None, label=_("产业链"))
    title = forms.CharField(label=_("名称"), max_length=80, validators=[validate_plain])

    def __init__(
        self, *args: Any, actor: Actor, title: str = "", like: Round | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chains = chains_for(actor).filter(pk__in=[like.chain_id]) if like else chains_for(actor)
        self.fields["chain"].queryset = chains
        self.fields["title"].initial = title
        if len(some := list(chains[:2])) == 1:
            self.fields["chain"].initial = some[0]
            self.fields["chain"].widget = forms.HiddenInput()


class ScopeForm(ActionForm, forms.Form):
    """Which entries take part. Nothing chosen means all."""

    kinds = forms.MultipleChoiceField(
        label=_("提供什么"),
        choices=[(Kind.RESOURCE.value, Kind.RESOURCE.label), (Kind.SERVICE.value, Kind.SERVICE.label)],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择资源、服务，或两者。")},
    )
    need_categories = RowsField(
        None, label=_("需求类别"), required=False, widget=forms.CheckboxSelectMultiple
    )
    offer_categories = RowsField(
        None, label=_("资源和服务的类别"), required=False, widget=forms.CheckboxSelectMultiple
    )
    segments = RowsField(None, label=_("链环节"), required=False, widget=forms.CheckboxSelectMultiple)
    enterprises = RowsField(
        None, label=_("企业"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    givers = RowsField(
        None, label=_("提供单位"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    since = DayField(label=_("需求发布不早于"), required=False)
    due_by = DayField(label=_("需求期望完成不晚于"), required=False)
    underway = forms.BooleanField(label=_("对接中、还想要更多对接方的需求也参加"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Round, actor: Actor, **kwargs: Any) -> None:
        scope = RoundScope.of(row.scope)
        initial = {name: getattr(scope, name) for name in scope.plain()} | {"seen": row.version}
        super().__init__(*args, initial=initial, **kwargs)
        categories = (
            categories_for(actor)
            .filter(chain=row.chain_id, state="active")
            .order_by("kind", "position", "pk")
        )
        here = taking_part(RoundScope(), row.chain_id)
        choices = {
            "need_categories": categories.filter(kind=Kind.NEED),
            "offer_categories": categories.exclude(kind=Kind.NEED),
            "segments": segments_for(actor).filter(chain=row.chain_id),
            "enterprises": places_of(here[0]),
            "givers": places_of(here[1]),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows
            self.fields[name].label_from_instance = lambda one: one.label
            if not rows.exists():
                del self.fields[name]

    def scope(self) -> RoundScope:
        """Raises ValidationError."""
        told = {name: self.cleaned_data[name] for name in ("kinds", "since", "due_by", "underway")}
        told["kinds"] = tuple(told["kinds"])
        for name in ("need_categories", "offer_categories", "segments", "enterprises", "givers"):
            told[name] = tuple(sorted(one.pk for one in self.cleaned_data.get(name) or ()))
        return RoundScope(**told)


class RulesForm(ActionForm, forms.Form):
    objective = forms.ChoiceField(label=_("目标"), choices=Objective.choices, widget=forms.RadioSelect)
    floor = forms.ChoiceField(label=_("保底"), choices=Floor.choices, widget=forms.RadioSelect)
    units_owed = forms.BooleanField(label=_("每个有资源的单位也尽量至少对接一次"), required=False)
    wants = forms.IntegerField(label=_("没有写明的，一条需求最多对接几家"), min_value=1, max_value=100_000)
    capacity = forms.IntegerField(label=_("没有写明的，一项资源最多用几次"), min_value=0, max_value=100_000)
    continuity = forms.ChoiceField(label=_("以前合作过的"), choices=Level.choices, widget=forms.RadioSelect)
    rest_after = forms.IntegerField(label=_("连续几轮对接之后轮休一轮"), min_value=1, max_value=20)
    district = forms.ChoiceField(label=_("同一区县的"), choices=Level.choices, widget=forms.RadioSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Round, **kwargs: Any) -> None:
        self.rules_now = RoundRules.of(row.rules)
        names = [name for name in self.base_fields if name != "seen"]
        initial = {name: getattr(self.rules_now, name) for name in names} | {"seen": row.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.limits = {}
        for key, label in givers_of(row):
            field = forms.IntegerField(label=label, required=False, min_value=0, max_value=100_000)
            field.initial = self.rules_now.unit_capacity.get(key)
            self.fields[f"most-{key}"] = field
            self.limits[f"most-{key}"] = key

    @property
    def general(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.limits]

    @property
    def by_giver(self) -> list[forms.BoundField]:
        return [self[name] for name in self.limits]

    def rules(self) -> RoundRules:
        """Raises ValidationError."""
        told = {
            name: self.cleaned_data[name]
            for name in self.fields
            if name not in self.limits and name != "seen"
        }
        most = {key: self.cleaned_data[name] for name, key in self.limits.items()}
        kept = self.rules_now.plain() | told
        kept["unit_capacity"] = {key: count for key, count in most.items() if count is not None}
        return RoundRules.of(kept)


def givers_of(row: Round) -> list[tuple[str, str]]:
    return givers_in(taking_part(RoundScope.of(row.scope), row.chain_id)[1])


class WishForm(ActionForm, forms.Form):
    """What the office decides about an enterprise, or one of its needs, and a giver."""

    kind = forms.ChoiceField(label=_("怎么办"), choices=WishKind.choices, widget=forms.RadioSelect)
    enterprise = forms.ModelChoiceField(None, label=_("企业"))
    need = forms.IntegerField(
        label=_("只对这一条需求（序号）"),
        required=False,
        min_value=1,
        help_text=_("不填，就是这家企业的每条需求。"),
    )
    giver = forms.ChoiceField(label=_("提供方"))
    reason = forms.CharField(label=_("理由"), max_length=200, validators=[validate_plain])

    def __init__(self, *args: Any, row: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs, _offers = taking_part(RoundScope.of(row.scope), row.chain_id)
        self.fields["enterprise"].queryset = places_of(self.needs)
        self.fields["enterprise"].label_from_instance = lambda one: one.label
        self.fields["giver"].choices = [("", _("请选择")), *givers_of(row)]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("need") and told.get("enterprise"):
            of = self.needs.filter(organisation=told["enterprise"], number=told["need"]).first()
            if of is None:
                message = _("这家企业没有序号为 %(number)s 的需求参加这一轮。") % {"number": told["need"]}
                raise ValidationError({"need": message})
            told["need_entry"] = of
        return told

    def wish(self) -> Wish:
        """Raises ValidationError."""
        told, giver = self.cleaned_data, self.cleaned_data["giver"]
        need = told.get("need_entry")
        return Wish(
            told["kind"],
            told["reason"],
            enterprise=None if need else told["enterprise"].pk,
            need=need.pk if need else None,
            organisation=int(giver[1:]) if giver[0] == "o" else None,
            unit=int(giver[1:]) if giver[0] == "u" else None,
        )


class PlanFilters(forms.Form):
    """The filters of a plan."""

    q = forms.CharField(label=_("需求、资源、单位"), required=False, max_length=100)
    giver = forms.ChoiceField(label=_("提供方"), required=False)
    enterprise = forms.IntegerField(required=False, min_value=1, max_value=10**18, widget=forms.HiddenInput)
    differs = forms.ChoiceField(
        label=_("差异"), required=False, choices=[*ANYTHING, ("yes", _("有差异")), ("no", _("没有差异"))]
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[*ANYTHING, *Match.State.choices])

    def __init__(self, *args: Any, row: Round, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["giver"].choices = [*ANYTHING, *givers_of_plan(row, actor)]

    def narrow(self, rows: QuerySet[Match]) -> QuerySet[Match]:
        asked = self.cleaned_data
        if giver := asked["giver"]:
            rows = (
                rows.filter(unit=int(giver[1:]))
                if giver[0] == "u"
                else rows.filter(giver=int(giver[1:]), unit=None)
            )
        if asked["enterprise"]:
            rows = rows.filter(enterprise=asked["enterprise"])
        if asked["state"]:
            rows = rows.filter(state=asked["state"])
        if asked["differs"]:
            rows = rows.exclude(differences=[]) if asked["differs"] == "yes" else rows.filter(differences=[])
        if text := asked["q"].strip():
            names = ("need__title", "offer__title", "enterprise__name", "giver__name", "unit__name")
            either = Q()
            for name in names:
                either |= Q(**{f"{name}__icontains": text})
            rows = rows.filter(either)
        return rows


class MissedFilters(forms.Form):
    q = forms.CharField(label=_("需求、单位"), required=False, max_length=100)
    why = forms.ChoiceField(label=_("未对接的原因"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = [*ANYTHING, *(choice for choice in RoundNeed.Why.choices if choice[0])]

    def narrow(self, rows: QuerySet) -> QuerySet:
        asked = self.cleaned_data
        if asked["why"]:
            rows = rows.filter(why=asked["why"])
        if text := asked["q"].strip():
            rows = rows.filter(Q(need__title__icontains=text) | Q(need__organisation__name__icontains=text))
        return rows


class OtherForm(ActionForm, forms.Form):
    """Any other resource or service, by its number in its list."""

    kind = forms.ChoiceField(
        label=_("清单"),
        choices=[(Kind.RESOURCE.value, Kind.RESOURCE.label), (Kind.SERVICE.value, Kind.SERVICE.label)],
    )
    number = forms.IntegerField(label=_("序号"), min_value=1, max_value=2**31 - 1)

    def offer(self, rows: QuerySet[Entry], chain: int) -> Entry | None:
        asked = self.cleaned_data
        return rows.filter(chain=chain, kind=asked["kind"], number=asked["number"]).first()


class ReasonForm(ActionForm, forms.Form):
    reason = forms.CharField(label=_("理由"), required=False, max_length=200, validators=[validate_plain])
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CompareForm(forms.Form):
    other = forms.ModelChoiceField(None, label=_("与哪一轮比较"), empty_label=_("请选择"))

    def __init__(self, *args: Any, rows: QuerySet[Round], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = rows
