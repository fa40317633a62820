"""Chinese words of pages for what the program keeps as codes; each is translated where it is shown."""

from __future__ import annotations

from api.i18n import mark

STATEMENT_KINDS = {
    "provision": mark("总体要求"),
    "competency": mark("培养规格"),
    "public_required": mark("公共基础必修课程"),
    "public_required_or_elective": mark("公共基础必修或选修课程"),
    "foundation_course": mark("专业基础课程"),
    "core_course": mark("专业核心课程"),
    "task": mark("工作任务"),
    "requirement": mark("教学要求"),
    "extension_course": mark("专业拓展课程"),
    "practice_project": mark("实训项目"),
    "practice_comprehensive": mark("综合实训"),
    "internship_position": mark("实习岗位"),
    "cross_cutting": mark("相关要求"),
    "faculty": mark("师资要求"),
    "facility": mark("教学设施"),
    "training_room": mark("实训室与基地"),
    "internship_place": mark("实习场所要求"),
    "teaching_material": mark("教学资源"),
    "quality_assurance": mark("质量保障"),
    "graduation": mark("毕业要求"),
    "numeric_rule": mark("数值规则"),
    "other_rule": mark("其他规则"),
    "element": mark("能力要素"),
}
ELEMENT_LEVELS = {
    1: mark("了解"),
    2: mark("理解"),
    3: mark("掌握"),
    4: mark("应用"),
    5: mark("分析"),
    6: mark("设计"),
}
RULE_FORCES = {"must": mark("必须"), "should": mark("一般应"), "may": mark("可以")}
