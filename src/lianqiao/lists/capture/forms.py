"""What the pages of a capture ask."""

from functools import cached_property
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.permissions import may
from lianqiao.core.text import validate_plain
from lianqiao.lists.capture.actions import Decision
from lianqiao.lists.capture.doubts import doubts_of
from lianqiao.lists.capture.figures import figure_fields
from lianqiao.lists.capture.lines import MOST_FIGURES, title_of
from lianqiao.lists.capture.reading import LARGEST_FILE, LONGEST_TEXT
from lianqiao.lists.imports.names import How as Matched
from lianqiao.lists.imports.names import Register
from lianqiao.lists.models import Capture, CapturedEntry, Category, Entry, Kind
from lianqiao.lists.queries import categories_for
from lianqiao.registry.forms.fields import DayField
from lianqiao.registry.models.chain import DATES_IN_ORDER
from lianqiao.registry.queries import (
    chains_for,
    listed_organisations,
    memberships_for,
    segments_for,
    units_for,
)

How = CapturedEntry.How
NONE = "none"
SUFFIXES = (".txt", ".docx")
MOST_OFFERED = 300
Place = tuple[int | None, int | None, str]


class CaptureForm(forms.Form):
    """A text or a file, and where it comes from."""

    chain = forms.ModelChoiceField(label=_("产业链"), queryset=None, empty_label=None)
    source = forms.ChoiceField(label=_("来源"), choices=Capture.Source.choices)
    day = DayField(label=_("日期"), help_text=_("座谈、走访或发表的那一天。"))
    text = forms.CharField(
        label=_("文字"),
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("把纪要、新闻或聊天记录粘贴在这里，不超过 20 万字。"),
    )
    file = forms.FileField(
        label=_("或上传文件"),
        required=False,
        help_text=_("Word（.docx）或文本（.txt），不超过 20 MB。"),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chains = chains_for(actor)
        self.fields["chain"].queryset = chains
        if len(chains) == 1:
            self.fields["chain"].initial = chains[0]
            self.fields["chain"].widget = forms.HiddenInput()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and PurePath(file.name).suffix.lower() not in SUFFIXES:
            raise ValidationError(_("只能上传 .docx 和 .txt 文件。"), code="wrong_file")
        if file and file.size > LARGEST_FILE:
            message = _("文件超过 %(limit)s MB。")
            raise ValidationError(message, code="too_large", params={"limit": LARGEST_FILE // 1024**2})
        return file

    def clean(self) -> None:
        text, file = self.cleaned_data.get("text", ""), self.cleaned_data.get("file")
        if self.errors:
            return
        if not text.strip() and not file:
            self.add_error("text", ValidationError(_("请粘贴文字，或上传一个文件。"), code="required"))
        elif text.strip() and file:
            self.add_error("file", ValidationError(_("粘贴文字和上传文件只能选一种。"), code="both"))

    def content(self) -> bytes:
        if file := self.cleaned_data["file"]:
            return bytes(file.read())
        return self.cleaned_data["text"].replace("\r\n", "\n").encode()


class ReviewForm(forms.Form):
    """Every line and every organisation that has to be chosen, on one page."""

    def __init__(
        self, *args: Any, capture: Capture, similar: dict[int, list[Entry]], actor: Actor, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.capture, self.similar, self.actor = capture, similar, actor
        self.said, self.named = capture.found["entries"], capture.found["organisations"]
        self.categories = {
            str(row.pk): row
            for row in categories_for(actor).filter(chain=capture.chain, state=Category.State.ACTIVE)
        }
        self.segments = {str(row.pk): row for row in segments_for(actor).filter(chain=capture.chain)}
        self.stands_at = segments_of(capture, actor)
        self.figures: dict[int, list[str]] = {}
        self.doubts: dict[int, list[str]] = {}
        self.by_name = {row.label: row for row in listed_organisations(actor)}
        self.add_places()
        for line in range(len(self.said)):
            self.add_line(line)

    @cached_property
    def register(self) -> Register:
        return Register(self.actor)

    @property
    def offered(self) -> list[str]:
        """Names that a browser proposes while one types."""
        return list(dict.fromkeys([*(one["name"] for one in self.named), *self.by_name]))[:MOST_OFFERED]

    def add_places(self) -> None:
        rows = {row.pk: row for row in self.by_name.values()}
        asked = {one["unit"] for one in self.named if one["unit"]}
        units = units_for(self.actor).in_bulk(asked)
        for at, one in enumerate(self.named):
            pks = dict.fromkeys(pk for pk in (one["organisation"], *one["likely"]) if pk in rows)
            choices: list[Any] = [(str(pk), rows[pk].label) for pk in pks]
            if one["unit"] in units and one["organisation"] in rows:
                label = f"{rows[one['organisation']].label} {units[one['unit']].label}"
                choices[0] = (f"{one['organisation']}-{one['unit']}", label)
            is_certain = one["how"] == Matched.CERTAIN and bool(choices)
            initial = choices[0][0] if is_certain else "" if choices else NONE
            choices.append((NONE, _("没有登记，暂存为草稿")))
            if not initial:
                choices.insert(0, ("", _("未选定")))
            self.fields[f"place-{at}"] = forms.ChoiceField(
                label=one["name"], choices=choices, initial=initial, required=False
            )

    def add_line(self, line: int) -> None:
        said = self.said[line]
        at = self.place_at(said["who"])
        how: list[tuple[str, Any]] = [(How.NEW.value, How.NEW.label)]
        for entry in self.similar.get(line, ()):
            title = {"title": entry.title}
            how.append((f"{How.KEEP}-{entry.pk}", _("已有“%(title)s”，不再写") % title))
            how.append((f"{How.COMMENT}-{entry.pk}", _("作为留言补充到“%(title)s”") % title))
        place = None if at is None else self.named[at]
        self.doubts[line] = doubts_of(said, place, has_similar=len(how) > 1)
        categories = [
            (label, [(pk, row.label) for pk, row in self.categories.items() if row.kind == kind])
            for kind, label in Kind.choices
        ]
        category = next(
            (
                pk
                for pk, row in self.categories.items()
                if (row.kind, row.name) == (said["kind"], said["category"])
            ),
            "",
        )
        segments = [("", _("未选")), *((pk, row.label) for pk, row in self.segments.items())]
        segment = self.segment_at(said, place)
        self.fields |= {
            f"take-{line}": forms.BooleanField(label=_("写入"), required=False, initial=not self.doubts[line]),
            f"how-{line}": forms.ChoiceField(
                label=_("处理"), choices=how, initial=how[min(1, len(how) - 1)][0], required=False
            ),
            f"kind-{line}": forms.ChoiceField(
                label=_("清单"), choices=Kind.choices, initial=said["kind"], required=False
            ),
            f"title-{line}": forms.CharField(
                label=_("名称"), max_length=120, required=False, initial=title_of(said), validators=[validate_plain]
            ),
            f"organisation-{line}": forms.CharField(
                label=_("单位"), max_length=120, required=False, validators=[validate_plain],
                initial=self.named[at]["name"] if at is not None else "",
                widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
            ),
            f"category-{line}": forms.ChoiceField(
                label=_("类别"), choices=[("", _("未选")), *categories], initial=category, required=False
            ),
            f"segment-{line}": forms.ChoiceField(
                label=_("链环节"), choices=segments, initial=segment, required=False
            ),
        }  # fmt: skip
        asked = figure_fields(said)
        if sum(map(len, self.figures.values())) + len(asked) <= MOST_FIGURES:
            self.figures[line] = list(asked)
            self.fields |= {f"{name}-{line}": field for name, field in asked.items()}

    def segment_at(self, said: dict[str, Any], place: dict[str, Any] | None) -> str:
        """The one that the words name, else the only one where the register has this organisation."""
        named = [pk for pk, row in self.segments.items() if row.name in said["text"]]
        own = self.stands_at.get(place["organisation"], []) if place else []
        return named[0] if len(named) == 1 else own[0] if len(own) == 1 else ""

    def place_at(self, name: str) -> int | None:
        """Where among the organisations of the text this one stands, as it is called anywhere in it."""
        for at, one in enumerate(self.named):
            if name and name in (one["name"], *one["forms"]):
                return at
        return None

    def clean(self) -> None:
        self.decisions = [
            decision
            for line in range(len(self.said))
            if self.cleaned_data.get(f"take-{line}") and (decision := self.decided(line))
        ]
        if not self.errors and not self.decisions:
            raise ValidationError(_("没有勾选任何条目。"), code="nothing_taken")

    def decided(self, line: int) -> Decision | None:
        """Raises nothing: what is wrong is said at the field."""
        how, _dash, pk = self.cleaned_data.get(f"how-{line}", "").partition("-")
        if pk:
            entry = next(row for row in self.similar[line] if str(row.pk) == pk)
            if how == How.COMMENT and not may(self.actor, "lists.comment", entry):
                message = _("您不能在“%(title)s”下留言。")
                self.add_error(
                    f"how-{line}",
                    ValidationError(message, code="not_yours", params={"title": entry.title}),
                )
            return Decision(line, how, entry=entry)
        kind = self.cleaned_data.get(f"kind-{line}") or self.said[line]["kind"]
        title = self.cleaned_data.get(f"title-{line}", "")
        category = self.categories.get(self.cleaned_data.get(f"category-{line}", ""))
        try:
            place = self.place(line)
        except ValidationError as error:
            self.add_error(f"organisation-{line}", error)
            return None
        if not title:
            self.add_error(f"title-{line}", ValidationError(_("请填写名称。"), code="required"))
        if category and category.kind != kind:
            message = _("“%(category)s”不是这张清单的类别。")
            self.add_error(
                f"category-{line}",
                ValidationError(message, code="other_kind", params={"category": category}),
            )
        asked = Entry(chain_id=self.capture.chain_id, kind=kind, organisation_id=place[0])
        if not may(self.actor, "lists.add_entry", asked):
            message = _("您只能为自己联系的企业填报需求。")
            self.add_error(f"organisation-{line}", ValidationError(message, code="not_yours"))
        return Decision(
            line, How.NEW, kind=kind, title=title, organisation=place[0], unit=place[1],
            organisation_name=place[2], category=category,
            segment=self.segments.get(self.cleaned_data.get(f"segment-{line}", "")),
            figures=self.confirmed(line),
        )  # fmt: skip

    def confirmed(self, line: int) -> dict[str, Any]:
        names = self.figures.get(line, ())
        said = {name: self.cleaned_data.get(f"{name}-{line}") for name in names}
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and first > last:
            self.add_error(f"ends_on-{line}", ValidationError(DATES_IN_ORDER, code="dates"))
        return {name: value for name, value in said.items() if value not in (None, "")}

    def place(self, line: int) -> Place:
        name = self.cleaned_data.get(f"organisation-{line}", "")
        if not name:
            raise ValidationError(_("请写明是哪个单位。"), code="required")
        at = self.place_at(name)
        if at is not None and self.cleaned_data.get(f"place-{at}") == "":
            message = _("请先在“单位”中选定“%(name)s”是哪一家。")
            raise ValidationError(message, code="unclear", params={"name": name})
        if at is not None:
            chosen = self.cleaned_data.get(f"place-{at}", NONE)
            return (None, None, name) if chosen == NONE else of_choice(chosen, name)
        if not (match := self.register.certain(name)):
            message = _("没有找到“%(name)s”，请填写登记的全称或简称。")
            raise ValidationError(message, code="unknown", params={"name": name})
        return match.organisation, match.unit, name


def segments_of(capture: Capture, actor: Actor) -> dict[int, list[str]]:
    """Where on the chain the register has each organisation."""
    stands: dict[int, list[str]] = {}
    for row in memberships_for(actor).filter(chain=capture.chain):
        stands.setdefault(row.organisation_id, []).extend(str(one.pk) for one in row.segments.all())
    return {pk: list(dict.fromkeys(of)) for pk, of in stands.items()}


def of_choice(chosen: str, name: str) -> Place:
    organisation, _dash, unit = chosen.partition("-")
    return int(organisation), int(unit) if unit else None, name
