"""Agreements on the pages of others: only those that the reader sees, and the way to the next."""

from types import SimpleNamespace

import pytest

from lianqiao.core.around import around
from tests import factories as make
from tests.agreements import rows

pytestmark = pytest.mark.django_db


def said(page, who, row):
    request = SimpleNamespace(actor=make.actor_of(who), META={}, GET={})
    return "".join(around(page, request, row)["side"])


def test_pairing_match_and_organisation_show_agreements_to_those_who_see_them(
    pair, office, staff, contact, stranger, firm
):
    match = rows.match(pair)
    row = rows.sent(pair, by=office)
    pages = (("pairing_detail", pair), ("match_detail", match), ("organisation_detail", firm))

    assert [[row.title in said(page, who, of) for page, of in pages] for who in (staff, contact, stranger)] == [
        [True] * 3, [True] * 3, [False] * 3,
    ]  # fmt: skip
    assert f"pairing={pair.pk}" in said("pairing_detail", staff, pair)
    assert "起草协议" not in said("pairing_detail", contact, pair)
