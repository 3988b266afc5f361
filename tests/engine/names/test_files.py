import pytest

from lianqiao_engine.names import write_names


def test_write_names_lists_the_likeliest_full_names_of_each_short_name(tmp_path):
    full, short, out = tmp_path / "full.csv", tmp_path / "short.csv", tmp_path / "out.tsv"
    full.write_text(
        "code,fullname\n7,云川宏达建设工程有限公司\n8,江苏博智工程咨询有限公司\n", encoding="utf-8-sig"
    )
    short.write_text("code,name\nx,博智咨询\n,宏达建设\n,云川宏达建设工程有限公司\n", encoding="utf-8")

    write_names(full, short, out, k=1)

    lines = [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line[:4] for line in lines] == [
        ["博智咨询", "1", "8", "江苏博智工程咨询有限公司"],
        ["宏达建设", "1", "7", "云川宏达建设工程有限公司"],
        ["云川宏达建设工程有限公司", "1", "7", "云川宏达建设工程有限公司"],
    ]
    assert lines[2][4] == "1.000000"


def test_write_names_without_a_needed_column_names_the_file_and_the_column(tmp_path):
    full, short = tmp_path / "full.csv", tmp_path / "short.csv"
    full.write_text("code,title\n7,云川宏达建设工程有限公司\n", encoding="utf-8")
    short.write_text("code,name\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"full\.csv: no column fullname"):
        write_names(full, short, tmp_path / "out.tsv")
