"""Scope and rules of a round as values: checked when they are made, and kept with the round as plain data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lianqiao.lists.models import Kind

OFFERED = (str(Kind.RESOURCE), str(Kind.SERVICE))
MOST_TIMES, MOST_ROUNDS, MOST_WISHES = 100_000, 20, 500


class Objective(TextChoices):
    FAIR = "fair", _("人人有着落：先照顾最困难的需求，再求总契合度最大")
    BEST = "best", _("最合适：总契合度最大")


class Floor(TextChoices):
    ALL = "all", _("每家企业至少对接一次")
    SMALL = "small", _("只保证小微企业")
    NONE = "none", _("不保证")


class Level(TextChoices):
    NONE = "none", _("不考虑")
    USUAL = "usual", _("略为优先")
    STRONG = "strong", _("优先")


class WishKind(TextChoices):
    MUST = "must", _("指定对接")
    NEVER = "never", _("不予对接")


CHOICES: dict[str, type[TextChoices]] = {
    "objective": Objective,
    "floor": Floor,
    "continuity": Level,
    "district": Level,
}


def refuse(name: str, sentence: Any) -> None:
    raise ValidationError({name: sentence})


class Plain:
    """A frozen value that is kept as plain data. Unknown names are refused."""

    def plain(self) -> dict[str, Any]:
        def kept(value: Any) -> Any:
            if isinstance(value, date):
                return value.isoformat()
            if isinstance(value, tuple):
                return [each.plain() if isinstance(each, Plain) else each for each in value]
            return dict(value) if isinstance(value, Mapping) else value

        # Not `asdict`, which would take the values inside apart as well.
        return {each.name: kept(getattr(self, each.name)) for each in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """Raises ValidationError."""
        known = {each.name for each in fields(cls)}  # type: ignore[arg-type]
        if unknown := sorted(set(plain) - known):
            raise ValidationError(_("没有这一项：%(names)s。"), params={"names": " ".join(unknown)})
        return cls(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()}
        )


def a_day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class RoundScope(Plain):
    """Which entries take part; an empty tuple leaves nothing out."""

    kinds: tuple[str, ...] = OFFERED
    need_categories: tuple[int, ...] = ()
    offer_categories: tuple[int, ...] = ()
    segments: tuple[int, ...] = ()
    enterprises: tuple[int, ...] = ()
    givers: tuple[int, ...] = ()
    since: date | None = None  # needs published on this day or later
    due_by: date | None = None  # needs to be done by this day
    underway: bool = True  # needs that have a partner and want more

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", a_day(self.since))
        object.__setattr__(self, "due_by", a_day(self.due_by))
        if not self.kinds or set(self.kinds) - set(OFFERED):
            refuse("kinds", _("请选择资源、服务，或两者。"))


@dataclass(frozen=True)
class Wish(Plain):
    """What the office decides about a need, or all needs of an enterprise, and a giver. Nobody else sees it."""

    kind: str
    reason: str
    enterprise: int | None = None
    need: int | None = None
    organisation: int | None = None
    unit: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in WishKind.values:
            refuse("kind", _("请选择指定对接或不予对接。"))
        if not self.reason.strip():
            refuse("reason", _("请写明理由。"))
        if (self.enterprise is None) == (self.need is None):
            refuse("enterprise", _("请选择一家企业，或填写一条需求的序号。"))
        if (self.organisation is None) == (self.unit is None):
            refuse("giver", _("请选择提供方。"))


@dataclass(frozen=True)
class RoundRules(Plain):
    """What the office decides before a round begins."""

    objective: str = Objective.FAIR.value
    wants: int = 1  # partners of a need that does not say how many it wants
    capacity: int = 1  # times a resource may be used that does not say
    floor: str = Floor.ALL.value
    units_owed: bool = True  # who comes with a resource should not leave without a partner
    unit_capacity: Mapping[str, int] = field(default_factory=dict)  # "u5" a unit, "o7" an organisation
    continuity: str = Level.USUAL.value
    rest_after: int = 3  # rounds in a row after which the two pause
    district: str = Level.USUAL.value
    wishes: tuple[Wish, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        wishes = tuple(wish if isinstance(wish, Wish) else Wish.of(wish) for wish in self.wishes)
        object.__setattr__(self, "wishes", wishes)
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices.values:
                refuse(name, _("没有这样的选项。"))
        counts = (("wants", 1, MOST_TIMES), ("capacity", 0, MOST_TIMES), ("rest_after", 1, MOST_ROUNDS))
        for name, least, most in counts:
            if not least <= getattr(self, name) <= most:
                refuse(name, _("请填写 %(least)s 到 %(most)s 之间的整数。") % {"least": least, "most": most})
        if any(not 0 <= count <= MOST_TIMES for count in self.unit_capacity.values()):
            refuse("unit_capacity", _("每个单位的次数上限应为 0 或更大的整数。"))
        if len(wishes) > MOST_WISHES:
            refuse("wishes", _("指定和不予对接最多 %(most)s 条。") % {"most": MOST_WISHES})

    def with_wish(self, wish: Wish) -> "RoundRules":
        return replace(self, wishes=(*self.wishes, wish))

    def without_wish(self, place: int) -> "RoundRules":
        return replace(self, wishes=(*self.wishes[:place], *self.wishes[place + 1 :]))


def differing(one: RoundRules, other: RoundRules) -> list[tuple[str, Any, Any]]:
    """(name, of one, of the other) where two sets of rules differ."""
    left, right = asdict(one), asdict(other)
    return [(name, left[name], right[name]) for name in left if left[name] != right[name]]
