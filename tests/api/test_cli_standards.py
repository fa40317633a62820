"""``duibiao standard`` and ``duibiao search``: what is shipped, what comes in, what goes out."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from api.schemas import ReportOut
from corpora.standard_json import load_standard, standard_from_json

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="module")
def imported(duibiao: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder that holds an imported standard of another major, and what the import said."""
    data = tmp_path_factory.mktemp("data") / "not" / "there"
    source = Path(__file__).parents[1] / "corpora" / "standards" / "460301.docx"
    done = duibiao("standard", "import", source, environment={"DUIBIAO_DATA": str(data)})
    assert done.returncode == 0, done.stderr.decode()
    return data, done.stdout.decode()


def test_list_names_the_shipped_standard(duibiao: Run) -> None:
    """Each standard is one line of tab-separated facts."""
    lines = duibiao("standard", "list").stdout.decode().splitlines()
    assert [line.split("\t")[:4] for line in lines] == [["530701", "电子商务", "高职专科", "内置"]]


def test_show_tells_competencies_courses_and_rules(duibiao: Run) -> None:
    """Every statement of the kinds shown is there with its number."""
    text = duibiao("standard", "show", "530701").stdout.decode()
    standard = load_standard("530701")
    shown = [*standard.competencies, *standard.core_courses, *standard.rules]
    assert len(shown) == 16 + 8 + 18
    assert [item.id for item in shown if f"  {item.id}  " not in text] == []
    assert "能进行用户画像分析" in text


def test_import_counts_what_it_found(imported: tuple[Path, str]) -> None:
    """The import says what it understood, and saves one file under the code."""
    data, told = imported
    assert told.startswith("460301 机电一体化技术：已导入")
    assert "专业核心课程 7" in told
    assert [path.name for path in (data / "standards").iterdir()] == ["460301.json"]


def test_imported_standard_is_as_good_as_a_shipped_one(duibiao: Run, imported: tuple[Path, str], samples: Path) -> None:
    """It is listed, and a document is reported against it."""
    environment = {"DUIBIAO_DATA": str(imported[0])}
    listed = duibiao("standard", "list", environment=environment).stdout.decode()
    assert [line.split("\t")[0] for line in listed.splitlines()] == ["460301", "530701"]
    assert "已导入" in listed
    source = samples / "机械制图_课程标准.docx"
    done = duibiao("report", source, "--standard", "460301", "--format", "json", environment=environment)
    report = ReportOut.model_validate_json(done.stdout)
    assert report.standard.code == "460301"
    assert [element.id for element in report.elements] == [
        element.id for element in load_standard("460301", imported[0] / "standards").elements
    ]


def test_an_export_can_be_changed_and_imported(duibiao: Run, samples: Path, tmp_path: Path) -> None:
    """Values changed by hand change the verdicts; rules that the audit does not know are open, with a reason."""
    environment = {"DUIBIAO_DATA": str(tmp_path / "data")}
    data = json.loads(duibiao("standard", "export", "530701").stdout)
    rules = {rule["id"]: rule for rule in data["rules"]}
    rules["NR04"]["value"], rules["NR12"]["value"] = 2600, 10
    rules["NR17"] |= {"quantity": "读书本数", "unit": "本", "subject": "学生"}
    changed = tmp_path / "改.json"
    changed.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    done = duibiao("standard", "import", changed, "--code", "990001", environment=environment)
    assert done.stdout.decode().startswith("990001 电子商务：已导入")
    assert "数值规则 18" in done.stdout.decode()
    plan = samples / "电子商务专业_人才培养方案.docx"
    done = duibiao("report", plan, "--standard", "990001", "--format", "json", environment=environment)
    verdicts = {rule.id: rule for rule in ReportOut.model_validate_json(done.stdout).rules}
    assert (verdicts["NR04"].verdict, verdicts["NR04"].expected) == ("fail", ">= 2600 学时")
    assert verdicts["NR12"].verdict == "pass"
    assert (verdicts["NR17"].verdict, "人工核对" in verdicts["NR17"].note) == ("cannot_determine", True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "不是一部标准的 JSON"),
        ("{", "不是一部标准的 JSON"),
        ('{"code": "990001", "name": "空"}', "没有条目"),
        (
            '{"code": "990001", "name": "错", "statements": [{"id": "Q01", "kind": "competency"}], "rules": '
            '[{"id": "NR01", "operator": "=", "value": 3, "strength": "应"}]}',
            "NR01 的约束力",
        ),
    ],
)
def test_json_that_is_no_standard_is_refused(duibiao: Run, tmp_path: Path, text: str, said: str) -> None:
    """In one line without a trace, and nothing is saved."""
    source = tmp_path / "标准.json"
    source.write_text(text, encoding="utf-8")
    done = duibiao("standard", "import", source, environment={"DUIBIAO_DATA": str(tmp_path / "data")})
    assert (done.returncode, done.stdout) == (3, b"")
    assert said in done.stderr.decode()
    assert not (tmp_path / "data").exists()


def test_a_course_standard_is_no_teaching_standard(duibiao: Run, samples: Path, tmp_path: Path) -> None:
    """A document that is no standard is refused in one line, and nothing is saved."""
    environment = {"DUIBIAO_DATA": str(tmp_path)}
    done = duibiao("standard", "import", samples / "机械制图_课程标准.docx", environment=environment)
    assert (done.returncode, done.stdout) == (3, b"")
    assert "没有找到培养规格" in done.stderr.decode()
    assert not list(tmp_path.rglob("*.json"))


def test_data_folder_that_cannot_be_written_is_told(duibiao: Run, tmp_path: Path) -> None:
    """The line names the variable that helps."""
    (tmp_path / "data").touch()
    source = Path(__file__).parents[1] / "corpora" / "standards" / "460301.docx"
    done = duibiao("standard", "import", source, environment={"DUIBIAO_DATA": str(tmp_path / "data")})
    assert done.returncode == 2
    assert "DUIBIAO_DATA" in done.stderr.decode()


def test_json_export_reads_back_equal(duibiao: Run, tmp_path: Path) -> None:
    """What leaves as JSON comes back as the same standard; --out writes the same as stdout."""
    text = duibiao("standard", "export", "530701", "--format", "json").stdout
    assert standard_from_json(json.loads(text)) == load_standard("530701")
    out = tmp_path / "new" / "s.json"
    done = duibiao("standard", "export", "530701", "--out", out)
    assert (done.returncode, done.stdout) == (0, b"")
    assert out.read_bytes() == text


def test_case_export_is_one_package(duibiao: Run) -> None:
    """CASE 1.1: a document, its items with unique identifiers, and associations between items that are there."""
    package = json.loads(duibiao("standard", "export", "530701", "--format", "case").stdout)
    assert {"CFDocument", "CFItems", "CFAssociations"} <= set(package)
    ids = [item["identifier"] for item in package["CFItems"]]
    assert len(ids) == len(set(ids)) > len(load_standard("530701").statements)
    ends = {a[end]["identifier"] for a in package["CFAssociations"] for end in ("originNodeURI", "destinationNodeURI")}
    assert ends <= {*ids, package["CFDocument"]["identifier"]}


def test_search_leads_with_a_statement_that_says_it(duibiao: Run) -> None:
    """The first hit holds the very words; --top bounds the list."""
    lines = duibiao("search", "用户画像", "--top", "3").stdout.decode().splitlines()
    hits = [line.split("\t")[0] for line in lines]
    assert len(hits) == 3
    by_id = load_standard("530701").by_id
    assert "用户画像" in by_id[hits[0]].text
    assert {hits[0], hits[1]} == {key for key, statement in by_id.items() if "用户画像" in statement.text}
