import pytest

from lianqiao_engine.names.parts import parts_of


@pytest.mark.parametrize(
    ("name", "place", "brand", "trade", "form"),
    [
        ("江苏博智工程咨询有限公司", "江苏", "博智", "工程咨询", "有限公司"),
        ("江苏省徐州市云龙区宏达装饰有限责任公司", "江苏省徐州市云龙区", "宏达", "装饰", "有限责任公司"),
        ("博智（徐州）工程咨询有限公司", "徐州", "博智", "工程咨询", "有限公司"),
        ("上海机电股份有限公司", "上海", "", "机电", "股份有限公司"),
        ("徐州市第一建筑安装工程有限公司", "徐州市", "第一", "建筑安装工程", "有限公司"),
        ("江苏建筑职业技术学院", "江苏", "", "建筑职业技术学院", "职业技术学院"),
        ("*ST宏达Ａ", "", "宏达", "", ""),
        ("江蘇啟平建築工程有限公司黨支部", "江苏", "启平", "建筑工程", "有限公司党支部"),
        ("徐州", "", "徐州", "", ""),
        ("（）", "", "", "", ""),
    ],
)
def test_parts_of_a_name_are_place_brand_trade_and_form(name, place, brand, trade, form):
    parts = parts_of(name)
    start, end = parts.brand_start, parts.brand_end

    assert (parts.core[:start], parts.core[start:end], parts.core[end:], parts.form) == (
        place,
        brand,
        trade,
        form,
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("博智工程咨询有限公司", "公司"),
        ("江苏建筑职业技术学院", "职业技术学院"),
        ("宏达股份", ""),
        ("宏达", ""),
    ],
)
def test_parts_kind_is_known_only_when_written_out(name, kind):
    assert parts_of(name).kind == kind
