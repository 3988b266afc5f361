"""What is typed while a project is worked on: milestones, the log, evidence, outcomes."""

from pathlib import PurePath
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianqiao.core.text import validate_plain
from lianqiao.projects.models import Evidence, Milestone, Outcome, OutcomeKind, Project, WorkNote
from lianqiao.projects.queries import outcome_kinds_of, sponsor_of
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField, SeenForm

FILE_REFUSALS = (
    "too_many_files", "too_large_file", "pack_full", "wrong_file", "other_content", "has_macros", "one_evidence_once",
)  # fmt: skip


class MilestoneForm(ActionForm, SeenForm):
    class Meta:
        model = Milestone
        fields = ["title", "due_on", "owner"]
        field_classes = {"due_on": DayField}

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = sponsor_of(project)
        self.fields["owner"].empty_label = _("承接单位")
        self.fields["owner"].required = False


class NoteForm(ActionForm, forms.ModelForm):
    class Meta:
        model = WorkNote
        fields = ["worked_on", "text"]
        field_classes = {"worked_on": DayField}
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worked_on"].initial = timezone.localdate

    def _post_clean(self) -> None:
        """The action makes the row."""


class EvidenceForm(ActionForm, forms.Form):
    refused_at: ClassVar = dict.fromkeys(FILE_REFUSALS, "file")
    constrained_by = Evidence
    code = forms.CharField(
        label=_("佐证编号"), max_length=40, required=False, validators=[validate_plain],
        help_text=_("学校台账里的编号，如 1-1-22-1；已按上一个编号续好。"),
    )  # fmt: skip
    title = forms.CharField(
        label=_("材料名称"), max_length=100, required=False, validators=[validate_plain],
        help_text=_("如“方案1套”；不填则用文件名。"),
    )  # fmt: skip
    milestone = forms.ModelChoiceField(None, label=_("证明哪个节点"), required=False)
    outcome = forms.ModelChoiceField(None, label=_("证明哪项成果"), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["milestone"].queryset = project.milestones.exclude(state=Milestone.State.DROPPED)
        rows = project.outcomes.exclude(state=Outcome.State.WITHDRAWN).select_related("kind")
        self.fields["outcome"].queryset = rows


class UploadForm(EvidenceForm):
    file = forms.FileField(
        label=_("文件"), help_text=_("PDF、图片、docx、xlsx、pptx 或 txt，每个不超过 20 MB。"), max_length=120
    )
    field_order = ("file", "code", "title", "milestone", "outcome")

    def facts(self) -> dict[str, Any]:
        told = super().facts()
        file = told.pop("file")
        return told | {"name": PurePath(file.name).name, "content": file.read()}


class OutcomeForm(ActionForm, SeenForm):
    class Meta:
        model = Outcome
        fields = ["kind", "amount", "achieved_on", "description"]
        field_classes = {"achieved_on": DayField}
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = outcome_kinds_of(project.chain_id, self.instance.kind_id)
        self.fields["kind"].label_from_instance = with_unit
        self.fields["achieved_on"].initial = timezone.localdate

    def _post_clean(self) -> None:
        """The action makes the row, or changes the one that is there now."""


def with_unit(kind: OutcomeKind) -> str:
    return gettext("%(kind)s（%(unit)s）") % {"kind": kind.label, "unit": kind.unit_label}
