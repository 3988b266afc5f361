import json

from click.testing import CliRunner

from lianqiao.config.cli import main

TEXT = "2025年5月6日，机械学院与江苏甲乙机床有限公司党支部在云东科技馆签署校企共建协议。江苏甲乙机床有限公司希望联合研制夹具。"


def run(folder, text: str, *options: str):
    (folder / "minutes.txt").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["capture", str(folder / "minutes.txt"), *options])


def test_capture_shows_and_writes_what_it_found(tmp_path):
    result = run(tmp_path, TEXT, "--json", str(tmp_path / "out.json"), "--today", "2025-06-01")

    assert result.exit_code == 0, result.output
    assert "江苏甲乙机床有限公司希望联合研制夹具 —— 江苏甲乙机床有限公司" in result.output
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert found["pairs"] == [{"unit": "机械学院", "enterprise": "江苏甲乙机床有限公司"}]
    assert found["agreements"][0]["parties"] == ["机械学院", "江苏甲乙机床有限公司党支部"]
    assert (found["activities"][0]["date"], found["activities"][0]["place"]) == ("2025-05-06", "云东科技馆")
    assert [(one["kind"], one["sentence"]) for one in found["entries"]] == [
        ("need", "江苏甲乙机床有限公司希望联合研制夹具。")
    ]


def test_capture_in_english(tmp_path):
    result = run(tmp_path, TEXT, "--language", "en")

    assert "1 needs" in result.output
    assert "pair: 机械学院 - 江苏甲乙机床有限公司" in result.output


def test_capture_knows_the_registry(tmp_path):
    (tmp_path / "orgs.csv").write_text(
        "单位名称,类型,code\n江苏甲乙机床有限公司,企业,913\n", encoding="utf-8"
    )

    result = run(tmp_path, TEXT, "--known", str(tmp_path / "orgs.csv"), "--json", str(tmp_path / "out.json"))

    assert result.exit_code == 0, result.output
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    codes = {one["name"]: one["code"] for one in found["organisations"]}
    assert codes["江苏甲乙机床有限公司"] == "913"


def test_capture_refuses_what_is_no_text(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")

    result = CliRunner().invoke(
        main, ["capture", str(tmp_path / "a.pdf"), "--json", str(tmp_path / "out.json")]
    )

    assert result.exit_code == 2
    assert "PDF" in result.output
    assert not (tmp_path / "out.json").exists()


def test_capture_refuses_a_registry_without_names(tmp_path):
    (tmp_path / "orgs.csv").write_text("编号\n1\n", encoding="utf-8")

    result = run(tmp_path, TEXT, "--known", str(tmp_path / "orgs.csv"))

    assert result.exit_code == 2
    assert "no column name" in result.output
