import pytest
from django.urls import reverse

from lianqiao.core.actor import PUBLIC, Role
from lianqiao.registry.models import ReferenceItem
from lianqiao.registry.models.organisation import searchable
from tests import factories as make

pytestmark = pytest.mark.django_db
ORGANISATIONS, CODES = "lookup_organisations", "lookup_codes"


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


def item(kind, code, name, parent="", level="", **fields):
    return ReferenceItem.objects.create(
        kind=kind,
        code=code,
        name=name,
        parent=parent,
        level=level,
        search_text=f"{searchable(name)}\n{code.lower()}",
        **{"valid_from": make.LONG_AGO} | fields,
    )


def found(client, text, **asked):
    return client.get(reverse(ORGANISATIONS), {"q": text} | asked).json()


def labels(answer):
    return [option["label"] for option in answer["options"]]


def codes(client, kind, text):
    return client.get(reverse(CODES, args=[kind]), {"q": text}).json()


@pytest.mark.parametrize(
    "typed",
    ["鸿渡", "hongdu", "hdcljs", "hdcl", "鴻渡測量", "91320300MA1M00000", "旧名勘测", "鸿渡 技术", " 鸿渡 "],
)
def test_lookup_organisations_finds_by_name_sound_initials_and_code(login, staff, typed):
    code = "91320300MA1M00000Y"
    row = make.member(staff.chain, "鸿渡测量技术有限公司")
    row.names.create(kind="former", name="旧名勘测")
    # The factory would refuse a code whose check digit is not right; what is searched is the text.
    row.credit_code = code
    row.save()
    make.member(staff.chain, "听泉景观石材有限公司")

    assert found(login(staff), typed) == {
        "options": [
            {
                "value": f"鸿渡测量技术有限公司 #{row.pk}",
                "label": "鸿渡测量技术有限公司",
                "note": f"旧名勘测 · {code}",
            }
        ],
        "more": False,
    }


def test_lookup_organisations_of_another_chain_or_merged_away_are_never_offered(login, staff):
    mine = make.member(staff.chain, "同名测量技术有限公司")
    make.member(make.chain(), "同名测量技术有限公司（外链）")
    make.organisation("同名测量技术有限公司（无链）")
    make.member(staff.chain, "同名测量技术有限公司（已并）", state="merged", merged_into=mine)

    assert labels(found(login(staff), "同名测量")) == ["同名测量技术有限公司"]


def test_lookup_organisations_offers_what_the_form_would_take(login, staff):
    gone = make.member(staff.chain, "归雁一")
    make.member(staff.chain, "归雁二")
    make.member(staff.chain, "归雁三", state="closed")
    client = login(staff)

    assert labels(found(client, "归雁", but=gone.pk)) == ["归雁三", "归雁二"]
    assert labels(found(client, "归雁", state="active")) == ["归雁一", "归雁二"]


def test_lookup_organisations_shows_twenty_beginnings_first_and_says_that_there_are_more(login, staff):
    for number in range(20):
        make.member(staff.chain, f"云川梧桐{number:02}")
    make.member(staff.chain, "梧桐本部")

    answer = found(login(staff), "wutong")

    assert (labels(answer)[0], len(answer["options"]), answer["more"]) == ("梧桐本部", 20, True)


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "#", "不存在", "'; drop table", "\\"])
def test_lookup_organisations_answers_any_text(login, staff, typed):
    make.member(staff.chain, "鸿渡测量技术有限公司")
    everything = not typed.strip()

    assert ("鸿渡测量技术有限公司" in labels(found(login(staff), typed))) is everything


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("q", {"q": "长" * 101}),
        ("q", {"q": "a\0b"}),
        ("state", {"q": "鸿", "state": "secret"}),
        ("but", {"q": "鸿", "but": "9" * 40}),
    ],
)
def test_lookup_organisations_bad_question_is_refused_with_its_field(login, staff, field, asked):
    answer = login(staff).get(reverse(ORGANISATIONS), asked)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize("rows", [1, 3])
def test_lookup_organisations_asks_the_same_number_of_queries(login, staff, rows, django_assert_num_queries):
    for number in range(rows):
        make.member(staff.chain, f"鸿渡测量{number}").names.create(kind="short", name=f"鸿渡{number}")
    client = login(staff)
    with django_assert_num_queries(COST):
        assert len(found(client, "鸿渡")["options"]) == rows


# Session, person, positions with their chains, and the rows with their other names.
COST = 6


@pytest.mark.parametrize("role", [PUBLIC, *Role])
def test_lookup_organisations_is_for_those_whose_forms_ask_for_one(login, role):
    allowed = {Role.OFFICE_ADMIN, Role.OFFICE_STAFF, Role.SYSTEM_ADMIN}
    client = login(make.position(role) if role != PUBLIC else None)

    status = client.get(reverse(ORGANISATIONS), {"q": "云川"}).status_code

    assert status == (200 if role in allowed else 302 if role == PUBLIC else 403)


def test_lookup_organisations_system_admin_is_offered_offices_only(login, staff):
    make.member(staff.chain, "云川第九企业")
    admin = make.position(Role.SYSTEM_ADMIN, staff.chain)

    assert labels(found(login(admin), "云川")) == [staff.organisation.name]


@pytest.mark.parametrize("typed", ["住宅", "zhuzhai", "zzfw", "471", "住宅 4710"])
def test_lookup_codes_offers_the_class_before_its_group(login, staff, typed):
    item("industry", "471", "住宅房屋建筑", "47", "group")
    item("industry", "4710", "住宅房屋建筑", "471", "class")
    item("major", "471001", "住宅设施智能化")

    options = codes(login(staff), "industry", typed)["options"]

    assert options[0] == {"value": "4710", "label": "4710 住宅房屋建筑", "note": "住宅房屋建筑 · 小类"}


def test_lookup_codes_tells_two_districts_of_one_name_apart_and_leaves_out_the_ended(login, staff):
    item("region", "320100", "南京市")
    item("region", "320300", "徐州市")
    item("region", "320106", "鼓楼区", "320100", "county")
    item("region", "320302", "鼓楼区", "320300", "county")
    item("region", "320305", "鼓楼旧区", "320300", "county", valid_to=make.yesterday())

    options = codes(login(staff), "region", "gulou")["options"]

    assert [(option["value"], option["note"]) for option in options] == [
        ("320106", "南京市 · 县级"),
        ("320302", "徐州市 · 县级"),
    ]


@pytest.mark.parametrize("kind", ["workdays", "people", "%00"])
def test_lookup_codes_of_no_such_table_is_not_there(login, staff, kind):
    assert login(staff).get(reverse(CODES, args=[kind])).status_code == 404


def test_lookup_codes_over_long_text_is_refused(login, staff):
    answer = login(staff).get(reverse(CODES, args=["region"]), {"q": "长" * 101})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["q"])


@pytest.mark.parametrize("role", [PUBLIC, *Role])
def test_lookup_codes_is_for_those_who_fill_in_codes(login, role):
    asked = {Role.SYSTEM_ADMIN, Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT}
    allowed = {Role.OFFICE_ADMIN, Role.OFFICE_STAFF} | asked
    client = login(make.position(role) if role != PUBLIC else None)

    status = client.get(reverse(CODES, args=["major"]), {"q": "工程"}).status_code

    assert status == (200 if role in allowed else 302 if role == PUBLIC else 403)


@pytest.mark.parametrize("rows", [1, 3])
def test_lookup_codes_asks_the_same_number_of_queries(login, staff, rows, django_assert_num_queries):
    for number in range(rows):
        item("region", f"32030{number}", f"鼓楼{number}区", "320300")
    client = login(staff)
    with django_assert_num_queries(COST):
        assert len(codes(client, "region", "鼓楼")["options"]) == rows
