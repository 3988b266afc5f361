import pytest

from lianqiao_engine.capture.reading import readable


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("當(dāng)前需求", "当前需求"),
        ("甲(jia)公司", "甲（jia）公司"),
        ("預算１２,０００元,3人", "预算12,000元，3人"),
        ("14:30開會:三樓", "14:30开会：三楼"),
        ("「希望合作」", "“希望合作”"),
        ('他说"好"', "他说“好”"),
        ("贏?!\u82ef\ue145K建筑", "赢。”江苏建筑"),
        ("江\u200b苏", "江苏"),
    ],
)
def test_text_is_made_readable(source: str, text: str):
    assert readable(source).text == text


def test_every_character_knows_where_it_stood():
    source = "推進(jìn)校企合作"
    reading = readable(source)

    begin = reading.text.index("进校")

    assert reading.text == "推进校企合作"
    assert source[slice(*reading.span(begin, begin + 2))] == "進(jìn)校"


def test_line_that_a_narrow_page_broke_is_whole_again():
    lines = [
        "一二三四五六七八九十一二三四五六七八九十江苏甲",
        "乙机床有限公司一二三四五六七八九十一二三四五六",
        "三四五六七八九十一二三四五六七八九十三四五六七",
        "完。",
    ]

    reading = readable("\n".join(lines))

    assert "江苏甲乙机床有限公司" in reading.text
    assert reading.source[slice(*reading.span(20, 30))] == "江苏甲\n乙机床有限公司"


def test_short_lines_stay_apart():
    assert readable("时间\n地点\n人员").text == "时间\n地点\n人员"
