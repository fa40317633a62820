"""Verbs of teaching documents and the level each asks for, 1 了解 … 6 设计, in one place.

Levels follow the revised Bloom taxonomy (Anderson & Krathwohl 2001) as the national standards word it: 1 了解,
2 理解, 3 掌握/使用, 4 应用, 5 分析/评价, 6 设计/创造. Verbs of knowing (了解, 理解, 掌握 …) fix the level alone; frame
verbs (进行, 完成 …) leave it to the verb inside their object; for coordinated verbs the highest counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_TABLE: dict[int, str] = {
    1: "了解 知道 知晓 认识 识记 熟知 说出 列举 认知 初识",
    2: "理解 熟悉 领会 解释 描述 说明 阐述 概括 区分 归纳 明确 懂得 体会 感知 把握",
    3: "掌握 使用 学习 学会 模仿 会用",
    4: (
        "运用 应用 实施 执行 开展 进行 完成 实现 处理 管理 采集 收集 发布 推广 引流 投放 训练 跟进 跟踪 "
        "监控 监测 监督 识别 细分 整合 协调 分解 定位 拍摄 剪辑 包装 装修 排版 呈现 统计 测试 检测 开发 "
        "选择 选用 选取 提升 提高 促进 转化 获取 维护 保养 检修 维修 安装 装配 调试 操作 组织 运营 销售 "
        "调研 调查 沟通 合作 表达 交流 服务 确认 受理 营销 选品 定价 建群 打造 活跃 打样 推动 推进 参与 "
        "承担 落实 加工 制造 生产 护理 照护 照料 观察 测量 配置 配合 指导 宣教 抢救 救护 急救 预防 控制 "
        "记录 计算 绘制 识读 阅读 查阅 检索 编辑 执法 申报 报检 采购 接待 讲解 演示 展示 播放 上传 下载 "
        "备份 拉新 获新 留存 促活 更新 上架 下架 促销 结算 核算 登记 审核 核对 验收 交付 传递 保存 贮存 "
        "储存 运输 搬运 焊接 铸造 装调 联调 校准 标定 布线 接线 部署 集成 连接 驱动 清洗 消毒 灭菌 给药 "
        "注射 输液 穿刺 采样 化验 检验 检查 评定 解决 排除 应对 适应 达到 遵守 践行 拥护 弘扬 热爱 珍惜 "
        "培育 养成 传承 坚持 尊重 探究 细化 化解 对接 洽谈 签订 直播 主持 带领 办理 提供 创办 发现 解读 保证 "
        "维持 积累 激励 引领 配备 保障 保护 防护 防范 "
        "锻炼 分享 分配 分类 整理 归档 加载 录入 输入 输出 导入 导出 联系 调适 转换 替换 切换 编排 调度 "
        "协作 协同 处置 转运 安置 康复 健康教育 健康指导 组态 选型 布局 仿真 书写 判读 随访 分诊 监护 填写 "
        "设置 预警 清除 固定 换药 保健 喂养 敷设 接种 测绘 钻孔 切削 铣削 车削 浇筑 养护 播种 栽培 "
        "嫁接 饲养 配制 调配 烹饪 演奏 演唱 报价 投标 招标 记账 报税 纳税 开票 入账 询价 通关 分拣 "
        "配送 理货 盘点 仓储 巡检 点检 润滑 拆卸 拆装 组装 更换 修复 复位 校对 润色 翻译 口译 笔译 导游 "
        "带团 引导 劝导 安抚 疏散 救援 灭火 报警 取证 勘查 勘察 侦查 布置 陈列 摆放 铺设 吊装 支护 爆破 "
        "开采 掘进 通风 冲洗 显影 化妆 剪裁 缝制 染整 印刷 装订 排查 追踪 推送 运维 回访 维系 谈判 "
        "融资 投资 理财 放贷 收款 支付 管控 把关 修改 归集 汇总 汇报 示教 建档 摄影 摄像 录音 混音 "
        "调色 配音 解说"
    ),
    5: (
        "分析 评价 评估 优化 改进 改善 复盘 总结 考核 挖掘 决策 调整 诊断 比较 对比 判断 判别 研究 反思 "
        "论证 预测 甄别 鉴别 鉴定 审查 质疑 辨析 推断 完善 评判 评审 审计 查找 论述 解析 剖析 权衡 校核 "
        "测评 研判 推理"
    ),
    6: (
        "设计 创设 创造 制定 制订 策划 规划 撰写 编写 建立 构建 搭建 确定 设定 制作 创作 编制 拟定 拟订 草拟 "
        "创建 创新 发明 构思 编程 建模 谋划 改造 制版 编导 研制 研发 编曲 原创 开创 组建 创设 拟写 编撰 "
        "架构"
    ),
}


def word_set(text: str) -> frozenset[str]:
    """The space-separated words of a line as a set."""
    return frozenset(text.split())


#: Verb -> level 1..6.
LEVELS: dict[str, int] = {verb: level for level, words in _TABLE.items() for verb in words.split()}

#: All verbs, longest first, so that the first that fits is the longest.
VERBS: tuple[str, ...] = tuple(sorted(LEVELS, key=lambda verb: (-len(verb), verb)))

#: Verbs of knowing: they fix the level of their object alone.
COGNITIVE = word_set("了解 知道 知晓 认识 识记 熟知 理解 熟悉 领会 懂得 掌握 学习 学会")

#: Verbs that say nothing of the level; the verb inside their object does.
FRAMES = word_set("进行 开展 完成 实施 实现 从事 承担 做好 参与 落实 促进 推进 提升 提高")

#: Verbs of having: 具有…能力, 具备…素养.
HAVING = word_set("具有 具备 拥有 形成")

#: Verbs whose object is the means of what follows (使用…工具进行…).
MEANS = word_set("使用 运用 应用 通过 利用 借助 采用 依托")

#: Verbs of attitudes: their objects are affective, the level is nominal.
ATTITUDES = word_set("坚定 拥护 践行 遵守 弘扬 热爱 珍惜 培育 养成 树立 传承 崇尚 尊重 恪守 坚持 增强 履行")

#: Verbs that in front of a noun are mostly nouns themselves (销售数据, 运营规划): they lead no predicate.
NOMINAL = word_set(
    "选型 布局 仿真 书写 监护 保健 预警 固定 喂养 养护 栽培 饲养 配送 巡检 运维 救援 装调 联调 编程 翻译 摄影 "
    "摄像 投资 融资 理财 印刷 "
    "审计 研发 照护 组态 通风 化妆 拆装 组装 分拣 盘点 调度 检索 推理 解说 设置 "
    "销售 运营 营销 服务 生产 采购 促销 护理 管理 包装 定位 转化 开发 交流 合作 沟通 学习 推广 训练 记录 "
    "检查 检验 检测 测试 应用 统计 研究 规划 锻炼 健康教育 健康指导 把握 创新 体会 制造 加工 焊接 装配 铸造 "
    "康复 预防 注射 输液 运输 仓储 储存 直播 采样 化验 保护 防护 控制 驱动 连接 传递 输出 输入 消毒 灭菌 "
    "急救 观察 测量 计算 指导 组织 配置 监督"
)

#: Nominal level of attitude verbs, and of having an attitude (具有, 具备, 形成).
ATTITUDE_LEVEL, HAVING_LEVEL = 4, 3

#: Level of a predicate whose verb the table does not know.
DEFAULT_LEVEL = 4

#: Words that contain a verb or 能 but are none: 智能/能力/功能 are not the modal 能.
_MODAL = re.compile(
    r"(?:能够|能)(?![力源量动效否级手员])|可以|可(?![编持视靠行])|会(?![计议展])|应(?![对急用变])|须|需(?![求要])"
)
_CONNECTIVE = re.compile(r"(?:并且|并(?![发列联行轴购])|且|同时|还|也|以及)")
_ADVERB = re.compile(
    r"(?:及时|有效|熟练|正确|准确|合理|规范|独立|灵活|严格|自觉|积极|主动|坚定|快速|认真|妥善)地?|较好地?|更好地|依法|初步|"
    r"(?:科学|全面|深入|系统|充分|高效|有序|安全)地|综合(?=应用|运用)|基本(?=掌握|了解|熟悉)"
)
_NUMBERING = re.compile(r"^\s*(?:[（(]?\d{1,2}[）).、．]\s*|[①-⑳]\s*|\d+(?:\.\d+)+\s*|[-•·◆●■]\s*)")
CONDITION = re.compile(
    r"^(?:根据|依据|按照|按|结合|针对|围绕|基于|参照|依照|遵循|在|以|对|通过|利用|借助|采用|依托|为)"
)
_CLAUSE = re.compile(r"[，；。、,;\n！？]")


def verb_at(text: str, position: int = 0) -> str:
    """The longest verb of the table (or of having, attitude, frame) that starts at a position, else ""."""
    candidates = _BY_FIRST.get(text[position : position + 1], ())
    return next((verb for verb in candidates if text.startswith(verb, position)), "")


def final_verb(phrase: str) -> str:
    """The verb that a noun phrase ends in (用户画像分析 -> 分析), else ""."""
    return next((verb for verb in _BY_LAST.get(phrase[-1:], ()) if phrase.endswith(verb)), "")


def _by_character(verbs: Iterable[str], place: int) -> dict[str, tuple[str, ...]]:
    """Verbs by their first (0) or last (-1) character, longest first."""
    groups: dict[str, list[str]] = {}
    for verb in sorted(set(verbs), key=lambda verb: (-len(verb), verb)):
        groups.setdefault(verb[place], []).append(verb)
    return {character: tuple(group) for character, group in groups.items()}


_BY_FIRST = _by_character({*LEVELS, *FRAMES, *HAVING, *MEANS, *ATTITUDES, "提出"}, 0)
_BY_LAST = _by_character(LEVELS, -1)


def strip_lead(text: str) -> tuple[int, bool]:
    """Skip numbering, connectives, modal and adverbs at the start of a clause.

    Returns
    -------
    (offset of the first character that says something, whether a modal 能/能够/会 stood before it).
    """
    found = _NUMBERING.match(text)
    position, modal = found.end() if found else 0, False
    while position < len(text):
        rest = text[position:]
        blank = len(rest) - len(rest.lstrip())
        step = blank or _lead_word(rest)
        if not step or step >= len(rest):
            break
        modal = modal or (not blank and rest[0] == "能")
        position += step
    return position, modal


def _lead_word(rest: str) -> int:
    """Length of the connective, modal or adverb that a clause begins with; 0 when it begins with what it says.

    可 会 应 and adverbs count only in front of a verb (会计, 可编程, 系统调试 and 综合布线 are none).
    """
    if found := _CONNECTIVE.match(rest):
        return found.end()
    modal, adverb = _MODAL.match(rest), _ADVERB.match(rest)
    if modal and rest[0] == "能":
        return modal.end()
    found = modal or (None if verb_at(rest) in COGNITIVE else adverb)
    if not found:
        return 0
    behind = rest[found.end() :].lstrip()
    verb = verb_at(behind)
    nominal = verb in NOMINAL and len(behind) <= len(verb) + 1
    return found.end() if (verb and not nominal) or CONDITION.match(behind) or _lead_word(behind) else 0


def verb_level(verb: str, thing: str = "") -> int:
    """Level of one verb over its object, 1..6.

    Parameters
    ----------
    verb : the governing verb.
    thing : its object, which decides for frame verbs (进行…分析), 提出 (…建议 5, …方案 6) and 形成 (…策略 6).
    """
    if verb in COGNITIVE:
        return LEVELS[verb]
    if verb == "提出":
        return 6 if re.search(r"(?:方案|策略|计划|对策)等?$", thing) else 5
    if verb == "形成" and re.search(r"(?:策略|方案|报告|计划)等?$", thing):
        return 6
    if verb in FRAMES | HAVING:
        inner = LEVELS.get(final_verb(without_head(thing)), DEFAULT_LEVEL)
        return max(inner, DEFAULT_LEVEL) if verb in HAVING else inner
    return LEVELS.get(verb, DEFAULT_LEVEL)


def level_of(text: str) -> int | None:
    """The level that a passage asks for or teaches at: the highest of its clauses.

    A clause's leading verb decides (掌握设计软件 is 3, not 6); a frame verb leaves it to the verb that ends the object
    (进行页面设计 is 6); without a leading verb the final one counts (店铺页面设计 is 6).

    1..6, or None where no verb of the table is found.
    """
    levels = [level for clause in _CLAUSE.split(text) if (level := clause_level(clause)) is not None]
    return max(levels, default=None)


def clause_level(clause: str) -> int | None:
    """The level of one clause, None where it has no verb of the table; see `level_of`."""
    start, _ = strip_lead(clause)
    rest = clause[start:].strip()
    if CONDITION.match(rest):
        rest = rest[predicate_after(rest) or 0 :]
    verb, last = verb_at(rest), final_verb(without_head(rest))
    if verb in NOMINAL and last and last != verb:
        verb = ""
    if not verb:
        return LEVELS[last] if last else None
    own, tail = verb_level(verb, rest[len(verb) :]), rest[len(verb) :]
    linked = re.match(r"[和与并及、]", tail)
    joined = verb_at(tail[1:] if linked else tail)
    plain = not linked and (verb in COGNITIVE | MEANS or joined in NOMINAL)
    if not joined or joined in FRAMES or plain or verb in FRAMES | HAVING:
        return own
    return max(own, verb_level(joined, tail[len(joined) + (1 if linked else 0) :]))


def predicate_after(text: str, start: int = 0) -> int | None:
    """Where the predicate begins behind a condition (根据店铺定位|进行装修, 在平台|发布信息).

    An unambiguous verb counts first (进行, 制定 …); else the first one that is no mere noun; else the first nominal one
    that has an object.

    Returns
    -------
    The offset, or None where the text has no verb behind the condition.
    """
    places = [i for i in range(start + 2, len(text) - 1) if verb_at(text, i)]
    for i in places:
        if verb_at(text, i) in PREDICATES:
            return i
    ends_in_ground = bool(_GROUNDS.search(text))
    leading = [i for i in places if _leads(text, i)]
    plain = [i for i in leading if verb_at(text, i) not in NOMINAL]
    if ends_in_ground:
        return next((i for i in plain if _GROUNDS.search(text[:i])), None)
    return next(iter(plain or leading[-1:]), None)


def _leads(text: str, place: int) -> bool:
    """Whether the verb there has an object, is joined to a verb that has one, or needs none (在平台上建群)."""
    behind = text[place + len(verb_at(text, place)) :]
    if not behind:
        return text.startswith("在")
    return behind[0] not in "的等、，和与及" or bool(verb_at(behind, 1))


_GROUNDS = re.compile(
    r"(?:目标|规划|要求|情况|需求|特点|属性|标准|规范|计划|任务|方案|结果|图纸|实际|规律|原则|条件|需要|特征|特性|病情|医嘱|指南|规程|"
    r"流程|工艺|场景|前提|基础上|过程中|工作中|指导下|协助下|背景下)等?[，\s]*$"
)

#: Verbs that open a predicate without doubt.
PREDICATES = word_set(
    "进行 开展 完成 实施 实现 制定 制订 建立 构建 搭建 撰写 编写 编制 提出 确定 选择 选用 运用 使用 掌握 "
    "了解 理解 促进 提升 提高 形成 设定 解决"
)


def without_head(phrase: str) -> str:
    """A noun phrase without the general noun that it ends in (数据分析能力 -> 数据分析)."""
    return re.sub(r"(?:能力|技能|工作|任务|方法|活动)?等?$", "", phrase)


#: Classes of verbs that together name one skill (协调和整合资源 is one, 制定和优化 are two).
SAME_SKILL: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "复盘 总结",
        "实施 推动 推进 落实",
        "调整 优化 改进 改善 完善",
        "协调 整合",
        "运营 管理",
        "跟踪 监控 监测",
        "分析 评估 评价",
        "设计 制作",
        "维护 保养",
        "检修 维修",
        "制定 制订 编制",
        "沟通 合作 协作 协同",
        "照护 照料 护理",
        "收集 采集 整理",
        "防护 保护",
        "检查 检验 检测",
        "诊断 鉴别",
        "记录 登记",
    )
)


def same_skill(first: str, second: str) -> bool:
    """Whether two verbs go together as one skill and so are not cut apart."""
    return any(first in group and second in group for group in SAME_SKILL)
