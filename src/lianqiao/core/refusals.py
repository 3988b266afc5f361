"""What the product refuses, as data; the sentence is made when it is shown, in the reader's language."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An action that cannot be carried out. `code` is stable, `facts` fill the sentence."""

    code = "refused"
    sentence = _("这项操作现在不能办理。")
    status = 409

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts

    def __str__(self) -> str:
        return str(self.sentence) % self.facts


class NotPermitted(Refused, PermissionDenied):
    code = "not_permitted"
    sentence = _("您现在的身份不能%(permission)s。")
    status = 403


class StateMoved(Refused):
    code = "state_moved"
    sentence = _("现在的状态是“%(state)s”，不能%(move)s。可能已有人先办理，请刷新后再看。")


class Stale(Refused):
    code = "stale"
    sentence = _("您打开之后，这条记录已被他人修改。您填写的内容还在，请核对最新内容后再提交。")
