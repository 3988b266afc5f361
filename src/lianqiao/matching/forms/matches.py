"""What a side or the office says to a match, and how lists of matches and pairings are narrowed."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.text import normalise, validate_plain, validate_text
from lianqiao.matching.actions.answering import MOST_DAYS, USUAL_DAYS
from lianqiao.matching.models import AnswerTerm, Match, Pairing, Side, Unfit
from lianqiao.matching.queries.matches import (
    SEES_ALL,
    SIDES,
    UNTOLD,
    on_need_side,
    on_offer_side,
    unheard,
)
from lianqiao.matching.shown import MADE_NOTHING, NOT_MADE
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import SeenForm

ANYTHING: list[tuple[str, Any]] = [("", _("全部"))]
State = Match.State


def named(rows: QuerySet[Any], text: str, titles: tuple[str, ...]) -> QuerySet[Any]:
    """Every word stands in one of the titles, or in a name of one of the two organisations."""
    for word in text.split():
        found = Q()
        for title in titles:
            found |= Q(**{f"{title}__icontains": word})
        for place in ("enterprise", "giver"):
            found |= Q(**{f"{place}__search_text__contains": normalise(word)})
        rows = rows.filter(found)
    return rows


class DeclineForm(ActionForm, forms.Form):
    reason = forms.ChoiceField(
        label=_("原因"),
        choices=Unfit.choices,
        widget=forms.RadioSelect,
        help_text=_("只有本单位和管理处看得到。"),
    )
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=500,
        validators=[validate_plain],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_shared = forms.BooleanField(label=_("让对方看到说明"), required=False)


class RescopeForm(ActionForm, forms.Form):
    scope = forms.CharField(
        label=_("您建议的合作内容"),
        max_length=1000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明做什么、多少、什么时候；对方会看到，并重新答复。"),
    )


class DismissForm(ActionForm, forms.Form):
    reason = forms.ChoiceField(label=_("原因"), choices=Unfit.choices)
    for_good = forms.BooleanField(required=False)


class MatchLinkForm(ActionForm, forms.Form):
    side = forms.ChoiceField(label=_("发给哪一方"), choices=Side.choices)
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

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ask"].initial = actor.name


class ReasonForm(ActionForm, forms.Form):
    reason = forms.CharField(
        label=_("原因"), max_length=300, validators=[validate_plain], widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerTermForm(ActionForm, SeenForm):
    class Meta:
        model = AnswerTerm
        fields = ["days", "remind_days"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].validators += [MinValueValidator(1), MaxValueValidator(90)]
        self.fields["remind_days"].validators += [MaxValueValidator(60)]


class MatchFilters(forms.Form):
    q = forms.CharField(label=_("名称、单位"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False)
    turn = forms.ChoiceField(label=_("答复"), required=False)
    origin = forms.ChoiceField(label=_("由来"), required=False, choices=[*ANYTHING, *Match.Origin.choices])
    round = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        said = [choice for choice in State.choices if choice[0] != State.PLANNED]
        if actor.role not in OFFICE and actor.role not in SEES_ALL:
            said = [choice for choice in said if choice[0] not in UNTOLD] + [(NOT_MADE, MADE_NOTHING)]
        self.fields["state"].choices = [*ANYTHING, *said]
        if actor.role in SIDES:
            self.fields["turn"].choices = [*ANYTHING, ("mine", _("等我方答复")), ("theirs", _("等对方答复"))]
        elif actor.role in OFFICE:
            self.fields["turn"].choices = [
                *ANYTHING,
                ("need", _("需求方未答复")),
                ("offer", _("提供方未答复")),
                ("unheard", _("没有账号，也没有链接")),
            ]
        else:
            del self.fields["turn"]

    def narrow(self, rows: QuerySet[Match]) -> QuerySet[Match]:
        asked = self.cleaned_data
        rows = named(rows, asked["q"], titles=("need__title", "offer__title"))
        if asked["state"]:
            rows = rows.filter(state__in=UNTOLD if asked["state"] == NOT_MADE else [asked["state"]])
        if asked["origin"]:
            rows = rows.filter(origin=asked["origin"])
        if asked["round"]:
            rows = rows.filter(round=asked["round"])
        turn = asked.get("turn")
        return rows.filter(self.unsaid(turn), state=State.OFFERED) if turn else rows

    def unsaid(self, turn: str) -> Q:
        if turn == "unheard":
            return unheard(timezone.now())
        if turn in Side.values:
            return Q(**{f"{turn}_said": ""})
        need, offer = ("need_said", "offer_said") if turn == "mine" else ("offer_said", "need_said")
        return (on_need_side(self.actor) & Q(**{need: ""})) | (on_offer_side(self.actor) & Q(**{offer: ""}))


class PairingFilters(forms.Form):
    q = forms.CharField(label=_("单位"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[*ANYTHING, *Pairing.State.choices])
    year = forms.IntegerField(label=_("结对年份"), required=False, min_value=1900, max_value=2199)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def narrow(self, rows: QuerySet[Pairing]) -> QuerySet[Pairing]:
        asked = self.cleaned_data
        rows = named(rows, asked["q"], titles=("unit__name",))
        if asked["state"]:
            rows = rows.filter(state=asked["state"])
        if asked["year"]:
            first = date(asked["year"], 1, 1)
            rows = rows.filter(starts_on__range=(first, first.replace(month=12, day=31)))
        return rows
