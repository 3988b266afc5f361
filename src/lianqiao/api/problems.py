"""Every error of the API in one shape: {"code", "message", "fields", "request_id"}, in the reader's language."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import IntegrityError
from django.http import Http404, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema
from ninja import errors as ninja_errors

from lianqiao.api.call import Call
from lianqiao.api.sentences import fields_of
from lianqiao.core.errors import status_of
from lianqiao.core.refusals import Refused
from lianqiao.core.request import Request

log = logging.getLogger(__name__)
WHOLE = "*"  # the key in `fields` for what is wrong with the record as a whole

PLAIN: dict[int, tuple[str, str | Promise]] = {
    400: ("broken_request", _("请求无法读懂：正文应为 UTF-8 编码的 JSON。")),
    404: ("not_found", _("没有找到。")),
    405: ("method_not_allowed", _("此地址不支持这种方法，可用的方法见 Allow 头。")),
    409: ("conflict", _("与刚刚写入的另一条记录冲突，请刷新后重试。")),
    413: ("too_large", _("正文过大，最多 1 MB。")),
    422: ("invalid", _("提交的内容有误，请按 fields 逐项更正。")),
    500: ("crashed", _("系统出错，已记录。请把请求编号告诉管理员。")),
    503: ("unavailable", _("数据库暂时连不上，请稍后重试。")),
    507: ("no_space", _("磁盘已满，暂时不能写入，请联系管理员。")),
}


class Problem(Schema):
    """What went wrong. `code` is stable; `fields` names each wrong field, `*` the record as a whole."""

    code: str
    message: str
    fields: dict[str, list[str]] = Field(default_factory=dict)
    request_id: str


def problem(
    request: Request,
    status: int,
    *,
    code: str = "",
    message: str | Promise = "",
    fields: Mapping[str, list[str]] | None = None,
) -> HttpResponse:
    plain_code, plain_message = PLAIN.get(status, ("", ""))
    said = {
        "code": code or plain_code,
        "message": str(message or plain_message),
        "fields": fields or {},
        "request_id": request.id,
    }
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "10"}, 507: {"Retry-After": "10"}}
    return JsonResponse(
        said,
        status=status,
        headers=headers.get(status),
        content_type="application/json; charset=utf-8",
        json_dumps_params={"ensure_ascii": False},
    )


def answer_to(request: Call, error: Any) -> HttpResponse:
    """The answer to any exception of an operation. Refusals of a role are noted for the audit trail."""
    match error:
        case Refused():
            if error.status in (401, 403):
                request.refusal = error
            return problem(request, error.status, code=error.code, message=str(error))
        case ValidationError():
            return problem(request, 422, fields=fields_of_django(error))
        case ninja_errors.ValidationError():
            # An address that cannot be one of ours leads nowhere, whatever is wrong with its number.
            if any(wrong["loc"][0] == "path" for wrong in error.errors):
                return problem(request, 404)
            return problem(request, 422, fields=fields_of(error.errors))
        case Http404() | ObjectDoesNotExist():
            return problem(request, 404)
        case ninja_errors.HttpError():
            return problem(request, error.status_code)
        case RequestDataTooBig():
            return problem(request, 413)
        case SuspiciousOperation() | MultiPartParserError():
            return problem(request, 400)
        case IntegrityError():
            return problem(request, 409)
    status = status_of(error)
    if status == 500:
        log.error("%s %s failed (%s)", request.method, request.path, request.id, exc_info=error)
    return problem(request, status)


def fields_of_django(error: ValidationError) -> dict[str, list[str]]:
    told: dict[str, Any] = error.message_dict if hasattr(error, "error_dict") else {WHOLE: error.messages}
    return {WHOLE if name == NON_FIELD_ERRORS else name: list(messages) for name, messages in told.items()}
