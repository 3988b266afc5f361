from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import CodesField, SeenForm
from lianqiao.registry.models import Edition, Organisation, Unit
from lianqiao.registry.queries import names_of


class UnitForm(ActionForm, SeenForm):
    refused_at: ClassVar = {"one_unit_name": "name"}
    majors = CodesField(
        Edition.Kind.MAJOR, label=_("专业代码"), help_text=_("填代码，多个用空格隔开，例如 440501 440502。")
    )

    class Meta:
        model = Unit
        fields = ["name", "name_en", "kind", "majors", "strengths"]
        widgets = {"strengths": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk and organisation.kind != Organisation.Kind.SCHOOL:
            self.fields["kind"].initial = Unit.Kind.DEPARTMENT
        if known := names_of(Edition.Kind.MAJOR, self.instance.majors):
            named = "；".join(f"{code} {name}" for code, name in known.items())
            self.fields["majors"].help_text = _("现在是：%(majors)s。多个代码用空格隔开。") % {
                "majors": named
            }
