"""The print view as PDF, where the extra `[pdf]` is installed; without it the page says so."""

from functools import cache
from importlib import import_module
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from lianqiao.core.refusals import Refused


class NoPdf(Refused):
    code = "no_pdf"
    sentence = _("这台服务器没有安装 PDF 组件；请下载 Word 文档，或打开打印页另存为 PDF。")


@cache
def weasyprint() -> Any:
    """None where it is not installed, or where the machine lacks the library of fonts that it draws with."""
    try:
        return import_module("weasyprint")
    except (ImportError, OSError):
        return None


def can_pdf() -> bool:
    return weasyprint() is not None


def pdf_of(context: dict[str, Any]) -> bytes:
    """Raises NoPdf."""
    drawing = weasyprint()
    if drawing is None:
        raise NoPdf
    html = render_to_string("agreements/agreement_print.html", context | {"is_pdf": True})
    sheet = drawing.CSS(filename=finders.find("agreements/document.css"))
    return bytes(drawing.HTML(string=html, url_fetcher=nothing).write_pdf(stylesheets=[sheet]))


def nothing(url: str, *_args: Any, **_options: Any) -> dict[str, Any]:
    """A document of ours refers to nothing outside of itself."""
    raise ValueError(url)
