from click.testing import CliRunner

from lianqiao.config.cli import main


def run(folder, full: str, short: str):
    (folder / "full.csv").write_text(full, encoding="utf-8")
    (folder / "short.csv").write_text(short, encoding="utf-8")
    arguments = ["--full", folder / "full.csv", "--short", folder / "short.csv", "-o", folder / "out.tsv"]
    return CliRunner().invoke(main, ["names", *map(str, arguments)])


def test_names_writes_the_likeliest_full_names(tmp_path):
    result = run(
        tmp_path,
        "code,fullname\n1,江苏博智工程咨询有限公司\n2,江苏启平建筑工程有限公司\n",
        "code,name\n,博智咨询\n",
    )

    first = (tmp_path / "out.tsv").read_text(encoding="utf-8").splitlines()[0].split("\t")
    assert result.exit_code == 0, result.output
    assert first[:4] == ["博智咨询", "1", "1", "江苏博智工程咨询有限公司"]


def test_names_refuses_a_file_without_its_column(tmp_path):
    result = run(tmp_path, "code,title\n1,江苏博智工程咨询有限公司\n", "code,name\n,博智\n")

    assert result.exit_code == 2
    assert "no column fullname" in result.output
