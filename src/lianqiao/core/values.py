"""What the audit trail keeps as plain values, in the words of whoever reads it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.permissions import LABELS
from lianqiao.core.words import listed

# What is recorded without being a field, and fields that pages never show.
LABELS_OF_FACTS: dict[str, str | Promise] = {
    "added": gettext_lazy("新增"),
    "backup": gettext_lazy("备份文件"),
    "changed": gettext_lazy("变更"),
    "count": gettext_lazy("条数"),
    "digest": gettext_lazy("指纹"),
    "edition": gettext_lazy("版本"),
    "ended": gettext_lazy("已停用"),
    "epoch": gettext_lazy("登录作废次数"),
    "gone": gettext_lazy("并入的单位"),
    "kind": gettext_lazy("类别"),
    "local": gettext_lazy("本地代码"),
    "login": gettext_lazy("登录名"),
    "method": gettext_lazy("请求方式"),
    "moved": gettext_lazy("一并转入"),
    "network": gettext_lazy("网络地址"),
    "path": gettext_lazy("页面地址"),
    "permission": gettext_lazy("权限"),
    "preferences": gettext_lazy("阅读偏好"),
    "query": gettext_lazy("筛选"),
    "reason": gettext_lazy("原因"),
    "result": gettext_lazy("结果"),
    "rows": gettext_lazy("行数"),
    "state": gettext_lazy("状态"),
    "type": gettext_lazy("类别"),
    "valid_from": gettext_lazy("生效日期"),
}

Model = type[models.Model] | None


def field_of(model: Model, name: str) -> models.Field | None:
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many] if model else []
    return next((field for field in fields if name in (field.name, field.attname)), None)


def label_of(model: Model, name: str) -> str | Promise:
    field = field_of(model, name)
    if field is None:
        return LABELS_OF_FACTS.get(name, name)
    # Django makes a label of the field's name where the model gives none.
    is_made = field.verbose_name == field.name.replace("_", " ")
    return LABELS_OF_FACTS.get(name, field.verbose_name) if is_made else field.verbose_name


def said(model: Model, name: str, value: Any, names: Mapping[Any, str]) -> str:
    """`names` are those of the rows that the field points to, by their ids."""
    if value in (None, "", [], {}):
        return ""
    field = field_of(model, name)
    if name in getattr(model, "audit_secret", ()):
        return _("已隐去（指纹 %(digest)s）") % {"digest": value}
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return listed(said(model, name, each, names) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if field is not None and field.is_relation:
        return names.get(value, _("编号 %(id)s") % {"id": value})
    if isinstance(field, models.DateTimeField):
        return said_moment(str(value))
    if field is None and name == "permission":
        return str(LABELS.get(value, value))
    return str(dict(getattr(field, "flatchoices", ())).get(value, value))


def said_moment(written: str) -> str:
    try:
        moment = datetime.fromisoformat(written).astimezone(timezone.get_current_timezone())
    except (ValueError, OverflowError):
        return written
    return date_format(moment, "DATETIME_FORMAT")
