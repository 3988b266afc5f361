"""What is wrong with a value, in the reader's language: pydantic says it in English only."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHOLE_NUMBER = _("应为整数。")
REQUIRED = _("此项必填。")
TEXT = _("应为文字。")
OBJECT = _("应为 JSON 对象。")
SENTENCES: dict[str, str | Promise] = {
    "missing": REQUIRED,
    "extra_forbidden": _("没有这一项，请核对名称。"),
    "string_type": TEXT,
    "string_unicode": _("文字编码已损坏，请从原文重新复制。"),
    "string_too_long": _("最多 %(max_length)s 个字。"),
    "string_too_short": REQUIRED,
    "int_type": WHOLE_NUMBER,
    "int_parsing": WHOLE_NUMBER,
    "int_parsing_size": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "bool_type": _("应为 true 或 false。"),
    "bool_parsing": _("应为 true 或 false。"),
    "greater_than_equal": _("不能小于 %(ge)s。"),
    "less_than_equal": _("不能大于 %(le)s。"),
    "among": _("应为其中之一：%(expected)s。"),
    "list_type": _("应为列表。"),
    "too_long": _("最多 %(max_length)s 项。"),
    "day": _("应为日期，例如 2024-10-24，年份在 1900 至 2200 之间。"),
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "dict_type": OBJECT,
}
OTHERWISE = _("这一项的内容不合要求。")


def fields_of(errors: list[dict[str, Any]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for wrong in errors:
        fields.setdefault(name_of(wrong["loc"]), []).append(sentence_of(wrong))
    return fields


def name_of(place: tuple[str | int, ...]) -> str:
    """`segments.0` for the first of the segments; the source and the name of the argument are left out."""
    source, *names = place
    if source == "body":
        names = names[1:]
    told = ".".join(str(name) for name in names) or str(source)
    # An unknown name may be anything, also half a character that no encoding can write.
    return told.encode("utf-8", "replace").decode()


def sentence_of(wrong: dict[str, Any]) -> str:
    facts = wrong.get("ctx", {})
    # A sentence that one of our own validators made already.
    if "sentence" in facts:
        return str(facts["sentence"])
    return str(SENTENCES.get(wrong["type"], OTHERWISE)) % facts
