"""Social credit codes for organisations that do not exist: valid in form, in a region that no place has."""

import hashlib

from stdnum.cn import uscc

REGION = "329900"
# Who registers such an organisation, and as what (GB 32100-2015, first two characters).
REGISTERED = {"enterprise": "91", "school": "12", "office": "11", "association": "51"}
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def invented_credit_code(kind: str, key: str) -> str:
    """The same code for the same key at each load."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) % 100_000_000
    body = f"{REGISTERED[kind]}{REGION}{with_check_character(f'{number:08d}')}"
    return f"{body}{uscc.calc_check_digit(body)}"


def with_check_character(body: str) -> str:
    """GB 11714: the ninth character of an organisation code."""
    left = (11 - sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11) % 11
    return f"{body}{'X' if left == 10 else left}"
