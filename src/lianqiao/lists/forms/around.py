"""The small forms beside an entry."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.lists.models import Category, Comment, Entry, FreshnessRule, Kind, SavedFilter
from lianqiao.lists.queries import listed_entries
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField, SeenForm
from lianqiao.registry.forms.rows import row_id
from lianqiao.registry.queries import chains_for

# What offices write most; the box beside takes any other words.
REASONS = [
    _("请写明数量（人数、次数、面积或金额）。"),
    _("请写明时间（什么时候要、什么时候可以）。"),
    _("请写明工种、专业或技术方向。"),
    _("请补充验收标准或要达到的指标。"),
    _("与已有条目重复。"),
    _("不属于本产业链的范围。"),
]


class ReturnForm(ActionForm, forms.Form):
    """One of the usual reasons, other words, or both."""

    usual = forms.MultipleChoiceField(
        label=_("常用原因"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("其他原因"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["usual"].choices = [(str(number), reason) for number, reason in enumerate(REASONS)]

    def facts(self) -> dict[str, Any]:
        said = [str(REASONS[int(number)]) for number in self.cleaned_data["usual"]]
        return {"reason": " ".join([*said, self.cleaned_data["reason"]]).strip()}


class ExtendForm(ActionForm, SeenForm):
    refused_at: ClassVar = {"ends_in_the_past": "ends_on", "entry_dates": "ends_on"}

    class Meta:
        model = Entry
        fields = ["ends_on"]
        field_classes = {"ends_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = True


class MergeForm(ActionForm, forms.Form):
    refused_at: ClassVar = {"cannot_merge_entries": "kept"}
    kept = forms.CharField(
        label=_("并入哪一条（序号）"), max_length=18, help_text=_("填写同一清单中另一条的序号。")
    )

    def __init__(self, *args: Any, actor: Actor, gone: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = listed_entries(actor).filter(chain=gone.chain_id, kind=gone.kind).exclude(pk=gone.pk)

    def clean_kept(self) -> Entry:
        typed = self.cleaned_data["kept"]
        # `#12` is what a button beside a similar entry sends: the entry itself, not its number in the list.
        named = {"pk": row_id(typed[1:])} if typed.startswith("#") else {"number": row_id(typed)}
        row = self.others.filter(**named).first() if None not in named.values() else None
        if row is None:
            raise forms.ValidationError(_("这张清单中没有这个序号。"), code="unknown_number")
        return row


class CommentForm(ActionForm, forms.ModelForm):
    refused_at: ClassVar = {"comment_says_something": "text"}

    class Meta:
        model = Comment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}


class AttachmentForm(ActionForm, forms.Form):
    refused_at: ClassVar = dict.fromkeys(
        ("too_many_files", "too_large_file", "wrong_file", "other_content", "has_macros", "one_file_once"),
        "file",
    )
    file = forms.FileField(
        label=_("文件"), help_text=_("PDF、图片、docx、xlsx、pptx 或 txt，每个不超过 20 MB。"), max_length=120
    )


class FilterForm(ActionForm, forms.ModelForm):
    class Meta:
        model = SavedFilter
        fields = ["name", "query"]
        widgets = {"query": forms.HiddenInput}

    def _post_clean(self) -> None:
        """The same name means the one that is there already; the action knows."""


class CategoryForm(ActionForm, SeenForm):
    refused_at: ClassVar = {"one_category_name": "name"}

    class Meta:
        model = Category
        fields = ["chain", "kind", "name", "name_en", "position"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chains = chains_for(actor)
        self.fields["chain"].queryset = chains
        if self.instance.pk:
            # Entries of one list cannot follow their category into another.
            del self.fields["chain"], self.fields["kind"]
        elif chains.count() == 1:
            self.fields["chain"].initial = chains.first()
            self.fields["chain"].widget = forms.HiddenInput()


class FreshnessForm(ActionForm, forms.ModelForm):
    refused_at: ClassVar = {"reminded_before_it_ends": "remind_days"}

    class Meta:
        model = FreshnessRule
        fields = ["days", "remind_days", "answer_days"]

    def __init__(self, *args: Any, chain: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chain, self.kind = chain, Kind(kind)

    def _post_clean(self) -> None:
        """The action finds the rule or makes it."""
