from lianqiao.core.refusals import Refused
from lianqiao.core.request import Request


class Call(Request):
    """A request to the API. `refusal`, once it is there, is what turned its caller away."""

    refusal: Refused
