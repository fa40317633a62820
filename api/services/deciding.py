"""Making a decision: what a person asks for, held against what the system says and what stands already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

from alignment.model import Evidence, GapReport, Match, RuleVerdict, Verdict
from alignment.review import known_quote, rule_text
from api.auth.principal import ConflictError, ForbiddenError, NotFoundError, Principal, Right, StaleError
from api.services.decided import SECONDS, Standing
from api.store.models import Decision, DecisionAction, TargetKind
from corpora.errors import UsageError

#: Longest reason and comment, and longest quote, characters; shortest quote, characters that are no spaces.
LONGEST, LONGEST_QUOTE, SHORTEST_QUOTE = 1000, 2000, 2

FindQuote = Callable[[str, "int | None"], "Evidence | None"]


@dataclass(frozen=True)
class Asked:
    """What a person asks for.

    Parameters
    ----------
    kind, target : the element or rule.
    action : what to do.
    grade, level, verdict : of an override; of an acceptance the proposal that the person saw, where they tell it.
    quote : the passage that proves the verdict.
    reason : why.
    """

    kind: TargetKind
    target: str
    action: DecisionAction
    grade: int | None = None
    level: int | None = None
    verdict: str | None = None
    quote: str = ""
    reason: str = ""


def decision_row(
    asked: Asked, report: GapReport, stands: Standing | None, principal: Principal, find: FindQuote
) -> Decision:
    """The row to add, without document, standard and author's place.

    Parameters
    ----------
    asked : by the person; texts trimmed.
    report : as the system made it.
    stands : what stands on the target now.
    principal : the person, who may judge the document.
    find : finds a quote in the document.

    Raises
    ------
    NotFoundError : the report has no such element or rule.
    UsageError : what is asked for is incomplete or contradicts itself.
    ForbiddenError : the person may not change or confirm what stands.
    ConflictError : nothing stands that could be withdrawn, confirmed or objected to.
    StaleError : the proposal is no longer what the person saw.
    """
    item = _target(report, asked)
    _check_reason(asked)
    row = Decision(
        target_kind=asked.kind,
        target_id=asked.target,
        target_text=item.element.text if isinstance(item, Match) else rule_text(item),
        action=asked.action,
        proposed=_said(item),
        reason=asked.reason,
        author_id=principal.id,
        author_name=principal.name,
    )
    if asked.action == "withdraw" or asked.action in SECONDS:
        return _on_standing(row, stands, principal)
    _check_turn(stands, principal)
    if isinstance(item, Match):
        return _on_element(row, asked, item, find)
    return _on_rule(row, asked, item, find)


def _target(report: GapReport, asked: Asked) -> Match | RuleVerdict:
    if asked.kind == "element":
        found: Match | RuleVerdict | None = report.match_of.get(asked.target)
    else:
        found = next((rule for rule in report.rules if rule.id == asked.target), None)
    if found is None:
        name = "要素" if asked.kind == "element" else "规定"
        raise NotFoundError(f"报告中没有这个{name}", asked.target[:40])
    return found


def _said(item: Match | RuleVerdict) -> dict[str, Any]:
    """What the system says."""
    if isinstance(item, Match):
        return {"grade": item.grade, "level": item.level_found}
    return {"verdict": item.verdict}


def _check_reason(asked: Asked) -> None:
    if len(asked.reason) > LONGEST:
        raise UsageError(f"理由有 {len(asked.reason)} 字，最多 {LONGEST} 字", where="reason")
    if len(asked.quote) > LONGEST_QUOTE:
        raise UsageError(f"引文有 {len(asked.quote)} 字，最多 {LONGEST_QUOTE} 字", where="quote")
    if asked.action in ("override", "object") and not asked.reason:
        what = "改判" if asked.action == "override" else "提出异议"
        raise UsageError(f"{what}须写明理由", where="reason", advice="请写一两句话说明依据")


def _check_turn(stands: Standing | None, principal: Principal) -> None:
    """Whoever may not review does not replace what somebody else decided."""
    if stands and stands.decision.author_id != principal.id and not principal.may(Right.REVIEW):
        raise ForbiddenError(f"这项结论由{stands.decision.author_name}作出，只有审核人可以更改")


def _on_standing(row: Decision, stands: Standing | None, principal: Principal) -> Decision:
    """A withdrawal, confirmation or objection, which repeats what it is about."""
    if stands is None:
        raise ConflictError("这一项没有人工结论", advice="请刷新页面，查看当前的结论")
    if row.action == "withdraw":
        _check_turn(stands, principal)
    else:
        _check_second(stands, principal)
    about = stands.decision
    row.grade, row.level, row.verdict = about.grade, about.level, about.verdict
    row.quote, row.start, row.end = about.quote, about.start, about.end
    return row


def _check_second(stands: Standing, principal: Principal) -> None:
    if not principal.may(Right.REVIEW):
        raise ForbiddenError("只有审核人可以复核他人的结论")
    if stands.decision.author_id == principal.id:
        error = ForbiddenError("这项结论是您本人作出的，须由另一人复核")
        if principal.method == "local":
            error.advice = "不设帐号时只有一位用户；需要第二人复核时，请用 duibiao serve --auth 启用帐号"
        raise error


def _on_element(row: Decision, asked: Asked, match: Match, find: FindQuote) -> Decision:
    if asked.action == "accept":
        _check_seen(asked.grade, match.grade)
        row.grade, row.level = match.grade, match.level_found
        _keep_quote(row, match.evidence[0] if match.evidence else None)
        return row
    row.grade, row.level = _grade_and_level(asked, match)
    if not row.grade:
        return row
    evidence = _given(asked, (*match.evidence, *([match.nearest] if match.nearest else [])), find)
    if evidence is None and row.grade > match.grade:
        raise UsageError(
            "提高结论须引用文件原文：没有引文，就没有“涉及”或“覆盖”",
            where="quote",
            advice="请从文件中复制能证明这一项的原句",
        )
    _keep_quote(row, evidence or match.evidence[0])
    return row


def _grade_and_level(asked: Asked, match: Match) -> tuple[int, int | None]:
    grade = match.grade if asked.grade is None else asked.grade
    if grade not in (0, 1, 2):
        raise UsageError(f"结论应为 0、1 或 2，而不是 {grade}", where="grade")
    if asked.level is not None and not 1 <= asked.level <= 6:
        raise UsageError(f"层次应为 1 到 6，而不是 {asked.level}", where="level")
    if asked.level is not None and not grade:
        raise UsageError("未覆盖的要素没有层次", where="level", advice="请去掉层次，或改判为部分涉及、已覆盖")
    level = None if not grade else match.level_found if asked.level is None else asked.level
    if (grade, level) == (match.grade, match.level_found):
        raise UsageError("与系统的结论相同", where="grade", advice="同意系统的结论时请点“认可”，已有改判的先“撤回”")
    return grade, level


def _on_rule(row: Decision, asked: Asked, rule: RuleVerdict, find: FindQuote) -> Decision:
    if asked.action == "accept":
        _check_seen(asked.verdict, rule.verdict)
        row.verdict = rule.verdict
        return row
    if asked.verdict not in get_args(Verdict):
        raise UsageError("请选择改判为符合、不符合或无法判定", where="verdict")
    if asked.verdict == rule.verdict:
        raise UsageError("与系统的结论相同", where="verdict", advice="同意系统的结论时请点“认可”，已有改判的先“撤回”")
    row.verdict = asked.verdict
    _keep_quote(row, _given(asked, rule.evidence, find))
    return row


def _check_seen(seen: object, said: object) -> None:
    """An acceptance is of what the person saw."""
    if seen is not None and seen != said:
        raise StaleError("系统的结论在您打开页面之后有了变化", advice="请刷新页面后再确认")


def _given(asked: Asked, known: tuple[Evidence, ...], find: FindQuote) -> Evidence | None:
    """The quote that the person gives, as it stands in the document; None where they give none."""
    if not asked.quote:
        return None
    if len("".join(asked.quote.split())) < SHORTEST_QUOTE:
        raise UsageError("引文太短", where="quote", advice="请引用能说明问题的原句")
    found = known_quote(known, asked.quote, None) or find(asked.quote, None)
    if found is None:
        raise UsageError("文件里找不到这段引文", where="quote", advice="引文须与文件原文一致，请直接从文件中复制")
    return found


def _keep_quote(row: Decision, evidence: Evidence | None) -> None:
    if evidence is not None:
        start = evidence.locator.start
        row.quote, row.start, row.end = evidence.quote, start, start + len(evidence.quote)
