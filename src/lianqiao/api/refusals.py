"""What only the API refuses."""

from django.utils.translation import gettext_lazy as _

from lianqiao.core.refusals import Refused


class NotSignedIn(Refused):
    code = "not_signed_in"
    sentence = _("请先登录，或在 Authorization 头中给出令牌。")
    status = 401


class TokenRefused(Refused):
    """`token` is the row's id when the token was known once, for the audit trail."""

    code = "token_refused"
    sentence = _("令牌无效、已过期或已作废，或其身份已结束、人员已停用。")
    status = 401


class OutOfScope(Refused):
    code = "out_of_scope"
    sentence = _("令牌的范围不含“%(scope)s”，请用范围足够的令牌。")
    status = 403


class SecondFactorDue(Refused):
    code = "second_factor_due"
    sentence = _("管理员要求双重验证，请先在网页上设置动态口令或通行密钥。")
    status = 403


class CrossSite(Refused):
    code = "cross_site"
    sentence = _("请求缺少防伪标记（X-CSRFToken），请刷新页面后重试。")
    status = 403


class LengthRequired(Refused):
    """A body in pieces of unknown number cannot be refused before it is read."""

    code = "length_required"
    sentence = _("请在 Content-Length 头中说明正文长度；不接受分块传输。")
    status = 411


class WrongContentType(Refused):
    code = "wrong_content_type"
    sentence = _("正文应为 application/json，编码为 UTF-8。")
    status = 415


class NoFormData(WrongContentType):
    sentence = _("正文应为 multipart/form-data，文件放在 file 项。")


class UploadTooLarge(Refused):
    code = "too_large"
    sentence = _("文件过大，最多 %(limit)s MB。")
    status = 413


class BrokenKey(Refused):
    code = "broken_idempotency_key"
    sentence = _("Idempotency-Key 应为 1 至 200 个可打印的 ASCII 字符。")
    status = 422


class KeyReused(Refused):
    code = "idempotency_key_reused"
    sentence = _("这个 Idempotency-Key 已用于另一个请求，新的请求请换一个新的键。")
    status = 422


class LikelyDuplicates(Refused):
    code = "likely_duplicates"
    sentence = _("可能已登记：%(names)s。确是另一单位时，请加上 is_another: true 再提交。")
