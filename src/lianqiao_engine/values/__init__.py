"""Numbers, money, dates and telephone numbers as Chinese offices write them."""

from .amounts import UNLIMITED, Amount, read_amount, read_count
from .money import read_money, read_offered
from .numbers import read_number
from .periods import read_period
from .phones import read_phones
from .plain import Cell, Refused
from .ranges import Period

__all__ = [
    "UNLIMITED",
    "Amount",
    "Cell",
    "Period",
    "Refused",
    "read_amount",
    "read_count",
    "read_money",
    "read_number",
    "read_offered",
    "read_period",
    "read_phones",
]
