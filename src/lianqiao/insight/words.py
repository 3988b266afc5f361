"""What the codes of parts are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.agreements.models import AgreementKind
from lianqiao.insight.values import FEW, Part
from lianqiao.lists.models import Dimension, Entry
from lianqiao.projects.models import Project
from lianqiao.registry.models import Organisation

LABELS: dict[str, Mapping[str, str | Promise]] = {
    "state": dict(Entry.State.choices),
    "project_state": dict(Project.State.choices),
    "kind": dict(AgreementKind.choices),
    "size": dict(Organisation.Size.choices) | {"": gettext_lazy("未填写")},
    "classification": dict(Organisation.Classification.choices) | {"": gettext_lazy("未填写")},
    "dimension": dict(Dimension.choices),
    "place": {"organisation": gettext_lazy("单位"), "unit": gettext_lazy("二级单位")},
    "partners": {
        "1": gettext_lazy("同一类合作"),
        "2": gettext_lazy("同两类合作"),
        "3": gettext_lazy("同三类合作"),
    },
    "pairs": {"grown": gettext_lazy("方面比期初多的对数"), "growth": gettext_lazy("比期初平均增加")},
}
GROUPS: dict[str, str | Promise] = {
    "state": gettext_lazy("按状态"),
    "project_state": gettext_lazy("按状态"),
    "kind": gettext_lazy("按种类"),
    "size": gettext_lazy("按规模"),
    "classification": gettext_lazy("按两企三新分类"),
    "dimension": gettext_lazy("按产学研训创"),
    "outcome_kind": gettext_lazy("按成果类别"),
    "place": gettext_lazy("按单位和二级单位"),
    "partners": gettext_lazy("按合作对象类数"),
    "pairs": gettext_lazy("同期初比较"),
}


def label_of(part: Part) -> str:
    return part.name or str(LABELS.get(part.group, {}).get(part.code, part.code))


def number_of(part: Part) -> str:
    """Of fewer than five people no number is told."""
    if part.value is None:
        return "—"
    if part.is_few:
        return _("不足 %(few)s %(unit)s") % {"few": FEW, "unit": part.unit}
    number = f"{part.value:,g}" if part.value == int(part.value) else f"{part.value:,.2f}"
    if part.of is not None:
        return f"{number}/{part.of:g}"
    return f"{number} {part.unit}".strip()
