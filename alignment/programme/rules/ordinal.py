"""Ranks, certificates and signatories: titles of leader and part-time teachers, degrees, agreements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isnan

from alignment.model import Verdict
from alignment.programme.counting.ledger import Ledger
from alignment.programme.counting.tally import plain, unique
from alignment.programme.rules.facts import BODY_ONLY, PROMISE, REPEATED, Said, fact_evidence, fact_text, said
from alignment.programme.rules.faculty import is_full_time, is_part_time
from alignment.programme.rules.outcome import Answer, Count, unknown
from corpora.programme.model import Fact
from corpora.standard import Rule

_CHAPTER = "应在“师资队伍”一节"
#: Ranks from low to high; the first pattern found decides, so longer names stand before what they contain.
_TITLES: tuple[tuple[int, re.Pattern[str]], ...] = (
    (3, re.compile(r"副教授|副高|副研究员|副主任|(?<!正)(?<!授级)高级(?!技师|技工)|高讲|高工")),
    (1, re.compile(r"助教|助理|初级|员级|实习研究员")),
    (4, re.compile(r"教授|正高|研究员|主任医师")),
    (2, re.compile(r"中级|讲师|工程师|经济师|会计师|主治|技师")),
)
_DEGREES: tuple[tuple[int, re.Pattern[str]], ...] = (
    (4, re.compile(r"博士")),
    (3, re.compile(r"硕士|研究生")),
    (2, re.compile(r"本科|学士")),
    (1, re.compile(r"专科|大专")),
)
_PARTIES: dict[str, re.Pattern[str]] = {
    "学校": re.compile(r"学校|学院|校方|我校|我院"),
    "学生": re.compile(r"学生|实习生"),
    "实习单位": re.compile(r"实习单位|企业|用人单位|单位|公司|医院"),
}
_NUMBER_OF_PARTIES = {"双方": 2, "两方": 2, "三方": 3, "四方": 4}
_Ranks = tuple[tuple[int, re.Pattern[str]], ...]


def rank_of(words: str, ranks: _Ranks) -> int | None:
    """The rank that words name, None for none."""
    return next((rank for rank, pattern in ranks if pattern.search(words)), None)


def leader_title(ledger: Ledger, rule: Rule) -> Answer:
    """The title of the programme's leader."""
    found = said(ledger, "leader_title")
    return _ranked(ledger, rule, found, _TITLES, f"没有写专业带头人的职称；{_CHAPTER}")


def teacher_degree(ledger: Ledger, rule: Rule) -> Answer:
    """The degree that all full-time teachers have."""
    found = said(ledger, "teacher_degree", subject=lambda s: not is_part_time(s))
    return _ranked(ledger, rule, found, _DEGREES, f"没有写全体专任教师的学历；{_CHAPTER}")


def _ranked(ledger: Ledger, rule: Rule, found: Said, ranks: _Ranks, missing: str) -> Answer:
    asked = rank_of(str(rule.value), ranks)

    def count(fact: Fact, label: str = "") -> Count:
        words = fact.words or fact.figure.text
        return Count(
            words, f"方案写“{words}”", (fact_evidence(ledger, fact),), label, verdict=_at_least(words, asked, ranks)
        )

    whole = [f for f in found.state if _everyone(ledger, f)]
    promises = tuple(count(f, PROMISE) for f in found.norms)
    if not whole:
        some = "；".join(f"只写了“{f.words or f.figure.text}”{fact_text(f)} 人，没有写全体" for f in found.state[:1])
        note = "；".join(part for part in (REPEATED_WORDS if found.norms else "", some, missing) if part)
        return unknown(note, *promises)
    others = [count(f, "按另一处所写") for f in whole[1:]]
    if whole[0].annex:
        others.append(Count(None, "正文没有写", label=BODY_ONLY, verdict="cannot_determine"))
    return Answer(count(whole[0]), (*others, *promises))


REPEATED_WORDS = REPEATED.replace("现状数字", "现状")


def _at_least(words: str, asked: int | None, ranks: _Ranks) -> Verdict:
    rank = rank_of(words, ranks)
    if rank is None or asked is None:
        return "cannot_determine"
    return "pass" if rank >= asked else "fail"


def _everyone(ledger: Ledger, fact: Fact) -> bool:
    """Whether all teachers are meant: no number is said, or one that is all of them."""
    if fact.unit != "count" or isnan(fact.figure.value):
        return True
    sizes = [f.figure.value for f in said(ledger, "teachers").state if not is_part_time(f.subject)]
    full_time = [f.figure.value for f in said(ledger, "teachers").state if is_full_time(f.subject)]
    return bool(sizes) and fact.figure.value >= min(full_time or sizes)


def part_time_title(ledger: Ledger, rule: Rule) -> Answer:
    """Titles of the part-time teachers, counted."""
    asked = rank_of(str(rule.value), _TITLES) or 2
    bases = said(ledger, "teachers", subject=is_part_time).state
    above = said(ledger, "senior_count" if asked >= 3 else "intermediate_or_above_count", subject=is_part_time)
    below = said(ledger, "below_intermediate_count", subject=is_part_time).state
    missing = f"没有写兼职教师的职称人数；{_CHAPTER}"
    promises = tuple(_promise(ledger, fact, asked) for fact in above.norms)
    if not above.state and not below:
        return unknown(f"{REPEATED_WORDS}；{missing}" if above.norms else missing, *promises)
    everyone = next((f for f in above.state if isnan(f.figure.value)), None)
    if everyone and not below:
        words = everyone.words or everyone.figure.text
        whole = Count(
            words, f"方案写“{words}”", (fact_evidence(ledger, everyone),), verdict=_at_least(words, asked, _TITLES)
        )
        return Answer(whole, promises)
    counted = [f for f in above.state if not isnan(f.figure.value)]
    answer = _titles_counted(ledger, counted, below, bases, str(rule.value))
    return Answer(answer.own, (*answer.others, *promises), answer.note)


def _titles_counted(
    ledger: Ledger, above: Sequence[Fact], below: Sequence[Fact], bases: Sequence[Fact], asked: str
) -> Answer:
    number = above[0].figure.value if above else None
    lower = below[0].figure.value if below else None
    size = bases[0].figure.value if bases else None
    if size is None and number is not None and lower is not None:
        size = number + lower
    if number is None and size is not None and lower is not None:
        number = size - lower
    facts = (*above[:1], *below[:1], *bases[:1])
    evidence = unique(fact_evidence(ledger, fact) for fact in facts)
    if size is None or number is None or not facts:
        return unknown(f"写了{fact_text(facts[0])} 人，没有写兼职教师总数；{_CHAPTER}")
    if not size:
        return unknown(f"方案没有兼职教师；{_CHAPTER}")
    text = f"兼职教师 {plain(size)} 人，其中{asked}及以上 {plain(number)} 人，"
    text += f"{plain(number)}÷{plain(size)}={plain(100 * number / size)}%"
    text += f"；{plain(lower)} 人不足{asked}" if lower else ""
    verdict: Verdict = "pass" if number >= size else "fail"
    if number < size and not lower:
        text += f"；其余 {plain(size - number)} 人的职称没有写"
        verdict = "cannot_determine"
    count = Count(f"{plain(number)}/{plain(size)}", text, evidence, verdict=verdict)
    most = Count(count.value, text, evidence, "把“原则上”理解为绝大多数（八成以上）", verdict="pass")
    return Answer(count, (most,) if verdict != "pass" and number / size >= 0.8 else ())


def _promise(ledger: Ledger, fact: Fact, asked: int) -> Count:
    words = fact.words or fact.figure.text
    verdict = _at_least(words, asked, _TITLES)
    return Count(words, f"方案写“{words}”", (fact_evidence(ledger, fact),), PROMISE, verdict=verdict)


def _asked(rule: Rule) -> tuple[str, ...]:
    """The words of a set rule."""
    return tuple(map(str, rule.value)) if isinstance(rule.value, tuple | list) else (str(rule.value),)


def teacher_certificate(ledger: Ledger, rule: Rule) -> Answer:
    """Whether the teachers hold the certificate that is asked for."""
    found = said(ledger, "teacher_certificate", subject=lambda s: not is_part_time(s))
    asked = "、".join(_asked(rule))

    def count(fact: Fact, label: str = "") -> Count:
        words = fact.words or fact.figure.text
        return Count(words, f"方案写“{words}”", (fact_evidence(ledger, fact),), label, verdict="pass")

    whole = [f for f in found.state if _everyone(ledger, f)]
    promises = tuple(count(f, PROMISE) for f in found.norms)
    missing = f"没有写全体专任教师都有{asked}；{_CHAPTER}"
    if not whole:
        return unknown(f"{REPEATED_WORDS}；{missing}" if found.norms else missing, *promises)
    return Answer(count(whole[0]), promises)


def internship_agreement(ledger: Ledger, rule: Rule) -> Answer:
    """Who signs the internship's agreement; a rule that the plan sets itself is enough."""
    found = said(ledger, "internship_agreement")
    facts = sorted((*found.state, *found.norms), key=lambda f: f.annex)
    asked = _asked(rule)
    if not facts:
        return unknown(f"没有写实习协议由谁签署（{'、'.join(asked)}）；应在实习管理、校外实习基地一节")
    counts = [_agreement(ledger, fact, asked) for fact in facts]
    best = next((c for c in counts if c.verdict == "pass"), counts[0])
    note = "" if best.verdict == "pass" else f"没有写明{'、'.join(_absent(facts[0], asked))}是签署方"
    others = (Count(None, "正文没有写", label=BODY_ONLY, verdict="cannot_determine"),) if facts[0].annex else ()
    return Answer(best, others, note)


def _agreement(ledger: Ledger, fact: Fact, asked: Sequence[str]) -> Count:
    words = fact.words or fact.figure.text
    met = not _absent(fact, asked) or _parties(fact) == len(asked)
    verdict: Verdict = "pass" if met else "cannot_determine"
    return Count(words, f"方案写“{words}”", (fact_evidence(ledger, fact),), verdict=verdict)


def _absent(fact: Fact, asked: Sequence[str]) -> list[str]:
    text = fact.words + fact.figure.text
    return [party for party in asked if not _PARTIES.get(party, re.compile(re.escape(party))).search(text)]


def _parties(fact: Fact) -> int | None:
    text = fact.words + fact.figure.text
    return next((number for word, number in _NUMBER_OF_PARTIES.items() if word in text), None)
