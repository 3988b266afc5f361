"""What the levels of the reference tables are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.registry.models import Edition

Kind = Edition.Kind
LEVELS: dict[str, dict[str, str | Promise]] = {
    Kind.INDUSTRY: {"section": _("门类"), "division": _("大类"), "group": _("中类"), "class": _("小类")},
    Kind.MAJOR: {
        "category": _("大类或门类"),
        "class": _("专业类"),
        "voc_secondary": _("中职"),
        "voc_associate": _("高职专科"),
        "voc_bachelor": _("职业本科"),
        "undergraduate": _("普通本科"),
    },
    Kind.OCCUPATION: {
        "major_group": _("大类"),
        "mid_group": _("中类"),
        "small_group": _("小类"),
        "occupation": _("职业"),
    },
    Kind.REGION: {
        "province": _("省级"),
        "prefecture": _("地级"),
        "county": _("县级"),
        "stat_zone": _("统计用区"),
    },
}


def level_label(kind: str, level: str) -> str | Promise:
    return LEVELS.get(kind, {}).get(level, level)
