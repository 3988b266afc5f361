import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao_engine.values import Refused, read_phones


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_number_is_read_back_however_it_is_kept(number):
    parted = f"+86 {number[:3]}-{number[3:7]} {number[7:]}"

    assert read_phones(number) == read_phones(int(number)) == read_phones(float(number)) == (number,)
    assert read_phones(parted) == (number,)


@given(st.from_regex(r"(0[3-9][1-9][1-9]|02[0-9]|010)-[2-8][0-9]{7}", fullmatch=True))
def test_a_lost_zero_of_an_area_code_is_put_back(number):
    digits = number.replace("-", "")

    assert read_phones(number) == read_phones(digits) == read_phones(int(digits)) == (number,)


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("（0516）83995000转8012", ("0516-83995000-8012",)),
        ("83995000-801", ("83995000-801",)),
        ("400-800-1234", ("4008001234",)),
        ("13800000000/0516-83995000", ("13800000000", "0516-83995000")),
        ("手机：13800000000", ("13800000000",)),
        ("1.3800000001E+10", ("13800000001",)),
        ("1.38E+10", Refused.DIGITS_LOST),
        ("138****0000", Refused.MASKED),
        ("张三", Refused.NO_PHONE),
        ("138000000", Refused.NO_PHONE),
        ("", Refused.NO_PHONE),
        (True, Refused.NO_PHONE),
    ],
)
def test_numbers_as_sheets_keep_them(text, phones):
    assert read_phones(text) == phones
