"""Finding entries: the same terms on both databases, and nothing that the reader may not read."""

import pytest
from django.db import connection, transaction

from lianqiao.core.actor import Actor, Role
from lianqiao.lists.index import NAME, filled_at_once, prepare
from lianqiao.lists.models import Entry, PublicList
from lianqiao.lists.queries import entries_for
from lianqiao.lists.search import found_in
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(text, actor):
    return list(found_in(entries_for(actor), text, actor).order_by("pk"))


@pytest.fixture
def here():
    return make.chain()


@pytest.fixture
def office(here):
    return make.actor(Role.OFFICE_STAFF, here)


@pytest.mark.parametrize(
    "typed",
    [
        "幕墙",
        "墙",
        "铝板幕墙",
        "深化 幕墙",
        "幕墙深化设计",
        "muqiang",
        "mqsh",
        "lbmq",
        "BIM",
        "bim 幕墙",
        "ＢＩＭ",
        "幕牆",
        "4710",
        "13800001234",
        "138",
        "座谈",
    ],
)
def test_entry_is_found_by_words_sounds_codes_and_contact(typed, here, office):
    facts = {
        "title": "铝板幕墙深化设计人员",
        "description": "需要会用BIM软件的人员 3 名",
        "industries": ["4710"],
        "contact_phone": "13800001234",
        "source_note": "座谈 2026-10-24",
    }
    wanted = make.entry(on=here, **facts)
    make.entry(on=here, title="砌筑工培训", description="三十人，十二月前")

    assert found(typed, office) == [wanted]


@pytest.mark.parametrize("typed", ["幕布", "墙幕", "qiangmu", "im", "幕墙 砌筑", "*", "' OR 1=1 --", '"'])
def test_what_is_not_there_is_not_found_and_nothing_typed_is_an_error(typed, here, office):
    make.entry(on=here, title="铝板幕墙深化设计人员", description="会用BIM软件")

    everything = typed in ("*", '"')

    assert bool(found(typed, office)) is everything


@pytest.mark.parametrize(("typed", "wanted"), [("13", ["13 号楼"]), ("138", ["电话"]), ("1", [])])
def test_two_digits_are_meant_whole_because_half_of_all_telephones_begin_with_them(
    typed, wanted, here, office
):
    make.entry(on=here, title="电话", contact_phone="13800001234")
    make.entry(on=here, title="13 号楼")

    assert [row.title for row in found(typed, office)] == wanted


@pytest.mark.parametrize("typed", ["13800001234", "李四光", "座谈纪要", "三十五万"])
def test_hidden_field_is_found_by_its_own_side_and_the_office_only(typed, here, office):
    owner = make.position(Role.ENTERPRISE_CONTACT, here)
    row = make.entry(
        on=here,
        organisation=owner.organisation,
        contact_name="李四光",
        contact_phone="13800001234",
        source_note="座谈纪要第三句",
        conditions="可付三十五万",
        visibility={"conditions": "office"},
    )
    mine, other = make.actor_of(owner), make.actor(Role.ENTERPRISE_CONTACT, here)

    assert (found(typed, office), found(typed, mine), found(typed, other)) == ([row], [row], [])


def test_public_search_reads_public_fields_only(here):
    row = make.entry(
        on=here,
        audience="public",
        title="公开的需求",
        description="二维码说明",
        place="云龙湖畔",
        visibility={"place": "chain"},
    )

    assert found("二维", Actor()) == []  # its chain has not opened its list
    PublicList.objects.create(chain=here, state="open")

    assert (found("二维", Actor()), found("云龙", Actor())) == ([row], [])


def test_entry_is_found_by_the_name_of_its_organisation_also_after_that_was_changed(here, office):
    row = make.entry(on=here, organisation=make.member(here, "江苏博智工程咨询有限公司"))
    make.entry(on=here)
    row.organisation.name = "江苏启平建筑工程有限公司"
    row.organisation.save()

    assert (found("启平", office), found("qiping", office), found("博智", office)) == ([row], [row], [])


def test_changed_and_removed_text_leaves_the_index(here, office):
    row = make.entry(on=here, title="玻璃幕墙")
    row.title = "装配式隔墙"
    row.save()
    changed = (found("幕墙", office), found("隔墙", office) == [row])
    row.delete()

    assert (changed, found("隔墙", office)) == (([], True), [])


def test_rows_put_in_without_the_model_are_found_too(here, office):
    Entry.objects.bulk_create([Entry(chain=here, kind="need", number=7, state="submitted", title="幕墙",
                                     organisation=here.office, submitted_at="2026-11-01T00:00Z",
                                     search_text="b幕墙 b墙")])  # fmt: skip

    assert [row.number for row in found("幕墙", office)] == [7]


def test_rows_put_in_at_once_are_found_each_once_and_later_ones_too(here, office):
    make.entry(on=here, title="玻璃幕墙")

    with transaction.atomic(), filled_at_once(connection):
        make.entry(on=here, title="铝板幕墙")

    make.entry(on=here, title="石材幕墙")
    assert [row.title for row in found("幕墙", office)] == ["玻璃幕墙", "铝板幕墙", "石材幕墙"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {NAME}({NAME}, rank) VALUES ('integrity-check', 1)")


def test_rows_put_in_at_once_and_taken_back_leave_the_index_as_it_was(here, office):
    with transaction.atomic():
        with filled_at_once(connection):
            make.entry(on=here, title="铝板幕墙")
        transaction.set_rollback(True)
    row = make.entry(on=here, title="石材幕墙")

    assert found("幕墙", office) == [row]


def test_index_that_lost_its_triggers_is_made_again(here, office):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for when in ("added", "removed", "changed"):
                cursor.execute(f"DROP TRIGGER {NAME}_{when}")
        else:
            cursor.execute(f"DROP INDEX {NAME}")
    if connection.vendor == "sqlite":
        row = make.entry(on=here, title="玻璃幕墙")
        prepare(connection)
    else:
        # There the index is made of the rows themselves, and not while they are being written.
        prepare(connection)
        row = make.entry(on=here, title="玻璃幕墙")

    assert found("幕墙", office) == [row]
