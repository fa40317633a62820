"""Practice rooms of the standard in a plan."""

from __future__ import annotations

import pytest

from alignment.programme.clauses.equipment import named_equipment
from alignment.programme.clauses.plan_rooms import plan_rooms
from alignment.programme.clauses.rooms import judge_rooms
from alignment.programme.model import ClauseFinding
from alignment.programme.stretches import body_stretches
from corpora.standard import Standard
from index.protocols import Encoder
from tests.alignment.programme.written import plan

TABLE = """
# 校内实训条件
| 序号 | 实训室名称 | 主要设备 | 服务课程 |
| 1 | 新媒体营销实训室 | 电脑、补光灯、三脚架、话筒、货架、网络营销实训系统 | 网络营销、新媒体营销 |
| 2 | 形体房 | 把杆、镜子 | 社交礼仪 |
"""
TEXT = """
# 校内实训条件
（1）智能客服实训室
配备台式机 50 台，装有智能客服实训平台，服务于客户服务管理等课程。
（2）商务数据分析实训室：配有服务器与大屏，安装数据分析软件，开设数据化运营、数据可视化课程。
另建有摄影、直播等 3 个工作室。
"""


def rooms(text: str, standard: Standard, encoder: Encoder) -> dict[str, ClauseFinding]:
    """Findings by the standard's room; every quote is checked against its place."""
    programme = plan(text)
    wanted = [room for room in standard.rooms if room.equipment]
    found = {finding.statement.id: finding for finding in judge_rooms(programme, standard, wanted, encoder)}
    for finding in found.values():
        for evidence in finding.evidence:
            assert programme.document.resolve(evidence.locator) == evidence.quote
    return found


def test_rows_of_a_table_of_rooms() -> None:
    """Each row is a room with all that its cells say."""
    programme = plan(TABLE)
    found = plan_rooms(programme.document, body_stretches(programme))
    assert [room.name for room in found] == ["新媒体营销实训室", "形体房"]
    assert "补光灯" in found[0].text


def test_rooms_named_in_paragraphs() -> None:
    """A line that is a name takes the paragraph below; lists before 等 3 个工作室 are names, too."""
    programme = plan(TEXT)
    found = {room.name: room.text for room in plan_rooms(programme.document, body_stretches(programme))}
    assert "台式机" in found["智能客服实训室"]
    assert "数据化运营" not in found["智能客服实训室"]
    assert "大屏" in found["商务数据分析实训室"]
    assert {"摄影", "直播"} <= set(found)


def test_a_room_is_known_by_its_name_courses_and_equipment(ecommerce: Standard, encoder: Encoder) -> None:
    """新媒体营销实训室 is the standard's 网络营销实训室: what it has, lacks and serves."""
    found = rooms(TABLE, ecommerce, encoder)["L3"]
    assert found.grade >= 1
    assert "“新媒体营销实训室”" in found.note
    assert {"计算机", "直播灯光设备", "辅助直播支架", "无线麦克风", "商品陈列架", "课程：网络营销"} <= set(found.found)
    assert {"3D 扫描仪", "虚拟背景幕", "课程：互联网销售"} & set(found.missing) == {"虚拟背景幕", "课程：互联网销售"}
    assert set(found.found) | set(found.missing) == {
        *found.statement.equipment,
        *(f"课程：{course}" for course in found.statement.courses),
    }


def test_what_sets_a_room_apart_decides(ecommerce: Standard, encoder: Encoder) -> None:
    """With its own software a room is covered though the cabinets of every room are not listed."""
    found = rooms(TEXT, ecommerce, encoder)
    assert (found["L5"].grade, found["L4"].grade) == (2, 2)
    assert "网络机柜" in found["L5"].missing
    assert found["L7"].grade == 0


def test_a_room_without_equipment_is_partly_there(ecommerce: Standard, encoder: Encoder) -> None:
    """Its name alone is not enough, and the note says so."""
    found = rooms("# 实训条件\n建有零售基础实训室一间。", ecommerce, encoder)["L1"]
    assert found.grade == 1
    assert "没有列出其设备" in found.note


@pytest.mark.parametrize("text", ["# 实训条件\n建有茶艺实训室，配备茶桌。", "# 培养目标\n培养果树工。"])
def test_other_rooms_and_no_rooms(text: str, ecommerce: Standard, encoder: Encoder) -> None:
    """A room of another trade is none of the standard's."""
    found = rooms(text, ecommerce, encoder)
    assert {finding.grade for finding in found.values()} == {0}
    assert all(finding.note for finding in found.values())


@pytest.mark.parametrize(
    ("name", "text", "there"),
    [
        ("计算机", "电脑 40 台", True),
        ("计算机", "开设计算机网络课程", False),
        ("手机/平板电脑", "平板电脑 20 台", True),
        ("手机/平板电脑", "台式电脑 20 台", False),
        ("3D 扫描仪", "三维扫描仪一台", True),
        ("网站（店）运营与推广实训软件", "安装网店运营实训软件", True),
        ("网站（店）运营与推广实训软件", "安装会计核算软件", False),
        ("电子商务视觉设计软件", "跑步机、电子秤", False),
    ],
)
def test_names_of_equipment(name: str, text: str, there: bool, encoder: Encoder) -> None:
    """Other names of the same thing are known, other things are not taken for it."""
    assert (name in named_equipment([name], text, encoder)) is there


def test_one_software_is_not_two(encoder: Encoder) -> None:
    """The plan's one programme stands for one of the standard's."""
    wanted = ["直播营销实训软件", "网络营销实训软件"]
    assert named_equipment(wanted, "网络营销实训软件", encoder) == {"网络营销实训软件"}
