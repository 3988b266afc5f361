"""Back from an outcome to the sentence in which the need was said."""

from datetime import date

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.lists.models import Capture, CapturedEntry
from lianqiao.matching.models import Match
from lianqiao.projects.lineage import lineage_of
from lianqiao.projects.models import Project
from tests import factories as make
from tests.agreements import rows as agreed

pytestmark = pytest.mark.django_db


@pytest.fixture
def born(scene):
    """A project whose need was said at a roundtable, matched, paired and agreed on."""
    agreed.party_organisation(scene.chain)
    make.branch(scene.firm.organisation)
    pair = agreed.pairing(scene.chain, scene.school, scene.college.unit, scene.firm.organisation)
    match = agreed.match(pair, scope="共建实训点")
    agreement = agreed.signed(pair)
    match = Match.objects.get(pk=match.pk)
    need = match.need
    need.source_note, need.source_sentence = "座谈会", "我们最缺会新工艺的年轻人"
    need.save()
    text = Capture.objects.create(
        chain=scene.chain, source="roundtable", day=date(2024, 10, 24), name="十月座谈纪要", text="我们最缺会新工艺的年轻人。",
        sha256="0" * 64, found={"entries": [{"sentence": "我们最缺会新工艺的年轻人", "offset": 0}]},
    )  # fmt: skip
    CapturedEntry.objects.create(capture=text, entry=need, line=0, how="new", version=0)
    project = scene.working(need=need, match=match, agreement=agreement)
    return project, text, match, pair, agreement


def told(parts):
    return [(part.code, part.label, part.url) for part in parts]


def test_lineage_of_an_outcome_for_the_office_is_unbroken(scene, born):
    project, text, match, pair, agreement = born
    outcome = scene.outcome(project)
    home = reverse("project_detail", args=[project.pk])

    parts = lineage_of(outcome, scene.office)

    assert told(parts) == [
        ("source", "十月座谈纪要", f"{reverse('capture_text', args=[text.pk])}?line=0#said"),
        ("need", match.need.title, reverse("entry_detail", args=[match.need_id])),
        ("match", str(match.offer), reverse("match_detail", args=[match.pk])),
        ("pairing", str(pair), reverse("pairing_detail", args=[pair.pk])),
        ("agreement", agreement.title, reverse("agreement_detail", args=[agreement.pk])),
        ("project", project.title, home),
        ("outcome", "培训人数", f"{home}#outcome-{outcome.pk}"),
    ]
    assert parts[0].note == "我们最缺会新工艺的年轻人"


def test_lineage_links_lead_where_the_reader_may_go(scene, born, login):
    project, *_ = born
    readers = {
        "firm": scene.firm.position, "college": scene.college.position, "office": scene.staff,
        "coordinator": scene.coordinator, "leader": make.position(Role.LEADER, scene.chain),
        "auditor": make.position(Role.AUDITOR), "liaison": make.position(Role.LIAISON, scene.chain),
    }  # fmt: skip
    codes = {
        name: {
            login(held).get(part.url).status_code
            for part in lineage_of(project, make.actor_of(held))
            if part.url
        }
        for name, held in readers.items()
    }

    assert codes == {key: {200} for key in readers}


def test_lineage_for_the_holder_names_the_need_but_not_the_office_s_minutes(scene, born):
    project, text, match, *_ = born

    parts = {part.code: part for part in lineage_of(project, scene.college.actor)}

    assert parts["need"].label == match.need.title
    assert "source" not in parts or parts["source"].url == ""
    assert text.name not in str(parts)
    assert "我们最缺" not in str(parts)


def test_lineage_for_who_only_sees_an_open_project_names_nothing(scene, born):
    project, _text, match, _pair, _agreement = born
    match.need.state = "fulfilled"
    match.need.save()
    Project.objects.filter(pk=project.pk).update(state="open", holder=None, holder_unit=None)

    parts = lineage_of(Project.objects.get(pk=project.pk), scene.other.actor)

    assert told(parts) == [
        ("need", "", ""), ("match", "", ""), ("agreement", "", ""),
        ("project", project.title, reverse("project_detail", args=[project.pk])),
    ]  # fmt: skip


def test_lineage_takes_one_query_for_each_part(scene, born, django_assert_num_queries):
    project, *_ = born

    # The minutes are asked for by the office alone.
    for actor, count in ((scene.office, 5), (scene.firm.actor, 4), (scene.college.actor, 4)):
        row = Project.objects.select_related("need").get(pk=project.pk)
        with django_assert_num_queries(count):
            lineage_of(row, actor)


def test_project_detail_shows_the_way_it_came(scene, born, login):
    project, text, match, _pair, agreement = born

    page = login(scene.staff).get(reverse("project_detail", args=[project.pk])).content.decode()

    for url in (
        f"{reverse('capture_text', args=[text.pk])}?line=0#said",
        reverse("entry_detail", args=[match.need_id]),
        reverse("agreement_detail", args=[agreement.pk]),
    ):
        assert url in page
    assert "我们最缺会新工艺的年轻人" in page
