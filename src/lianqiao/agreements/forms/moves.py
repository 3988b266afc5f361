"""The small forms beside an agreement: a reason, a remark, a signature, a scan, a promise that was kept."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.models import Agreement, AgreementKind, Numbering, Remark, Scan, Signature
from lianqiao.core.actor import Actor
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField, SeenForm
from lianqiao.registry.queries import chains_for

FILE_REFUSALS = (
    "too_many_files", "too_large_file", "wrong_file", "other_content", "has_macros", "not_a_scan", "one_scan_once",
)  # fmt: skip


class ReasonForm(ActionForm, forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, validators=[validate_plain])


class EndForm(ReasonForm):
    refused_at: ClassVar = {"ended_says_why": "reason"}
    constrained_by = Agreement
    ended_on = DayField(label=_("终止日期"), initial=timezone.localdate)
    field_order = ("ended_on", "reason")


class RemarkForm(ActionForm, forms.ModelForm):
    """`clause` is chosen among those of the version; empty means the whole text."""

    clause = forms.ChoiceField(label=_("对哪一条"), required=False)

    class Meta:
        model = Remark
        fields = ["clause", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, clauses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [("", _("整篇")), *clauses]

    def _post_clean(self) -> None:
        """The action makes the row."""


class AnswerForm(ActionForm, forms.Form):
    state = forms.ChoiceField(
        label=_("处理"), choices=[(s.value, s.label) for s in (Remark.State.TAKEN, Remark.State.LEFT)]
    )
    answer = forms.CharField(label=_("回复"), required=False, max_length=300, validators=[validate_plain])


class SignatureForm(ActionForm, forms.ModelForm):
    refused_at: ClassVar = {"one_signature": "signer"}
    sha256 = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    class Meta:
        model = Signature
        fields = ["signed_on", "signer"]
        field_classes = {"signed_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].initial = timezone.localdate

    def _post_clean(self) -> None:
        """The action makes the row."""


class ScanForm(ActionForm, forms.Form):
    refused_at: ClassVar = dict.fromkeys(FILE_REFUSALS, "file")
    constrained_by = Scan
    file = forms.FileField(
        label=_("扫描件"), help_text=_("PDF、PNG 或 JPG，每个不超过 20 MB。"), max_length=120
    )


class FilingForm(ActionForm, SeenForm):
    class Meta:
        model = Agreement
        fields = ["filed_at"]
        help_texts = {"filed_at": _("纸质协议放在哪里，如“档案柜 2-3 第 5 盒”。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filed_at"].required = True


class KeepForm(ActionForm, forms.Form):
    done_on = DayField(label=_("履行日期"), initial=timezone.localdate)
    note = forms.CharField(
        label=_("履行情况"), max_length=500, validators=[validate_text], widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("时间、地点、多少人、做了什么，两三句即可。"),
    )  # fmt: skip


class DisputeForm(ActionForm, forms.Form):
    objection = forms.CharField(label=_("异议"), max_length=300, validators=[validate_plain])


class WaiveForm(ActionForm, forms.Form):
    note = forms.CharField(label=_("原因"), max_length=300, validators=[validate_plain])


class TemplateForm(ActionForm, forms.Form):
    """What is wrong inside the file is told beside the form, place by place."""

    refused_at: ClassVar = dict.fromkeys(FILE_REFUSALS, "file")
    chain = forms.ModelChoiceField(None, label=_("产业链"))
    kind = forms.ChoiceField(label=_("协议种类"), choices=AgreementKind.choices)
    name = forms.CharField(label=_("模板名称"), max_length=80, validators=[validate_plain])
    file = forms.FileField(
        label=_("文件"), help_text=_("从默认模板改来的 .docx，不超过 20 MB。"), max_length=120
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chains = chains_for(actor)
        self.fields["chain"].queryset = chains
        if len(chains) == 1:
            self.fields["chain"].initial = chains[0]


class NumberingForm(ActionForm, forms.ModelForm):
    class Meta:
        model = Numbering
        fields = ["pattern"]

    def _post_clean(self) -> None:
        """The action finds the row or makes it."""
