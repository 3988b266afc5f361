"""What every list page does, seen on the list of organisations."""

import re

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "said"),
    [({}, "筛选"), ({"q": "云川", "kind": "enterprise"}, "筛选（2）"), ({"kind": "nonsense"}, "筛选")],
)
def test_filters_are_folded_behind_a_line_that_counts_them(login, query, said):
    page = login(make.position(Role.OFFICE_STAFF)).get(reverse("organisation_list"), query)

    fold, line = re.search(
        r"<details data-fold( open)?>.*?</svg>(.*?)<svg", page.content.decode(), re.S
    ).groups()
    # What is wrong with a filter must be seen.
    assert (line.strip(), bool(fold)) == (said, query.get("kind") == "nonsense")
