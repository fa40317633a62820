"""What the plan sets for its students: length of study, sports, arts, a foreign language."""

from __future__ import annotations

import re
from dataclasses import replace

from alignment.programme.counting.ledger import Ledger
from alignment.programme.counting.structure import taken_rows
from alignment.programme.counting.tally import place_evidence, unique
from alignment.programme.rules.facts import own_requirement, said
from alignment.programme.rules.outcome import Answer, Count
from corpora.standard import Rule

_GOALS = "应在“培养规格”（素质、知识、能力要求）一节"
# 修业年限, 学制: the chapter's own words before the 三年制 of a title page
_LENGTH = re.compile(r"修业|学制|年限")
_LANGUAGE = re.compile(r"英语|外语|外国语|日语|俄语|德语|韩语|朝鲜语|法语|西班牙语|阿拉伯语|泰语")


def years(ledger: Ledger, _rule: Rule) -> Answer:
    """Usual years of study."""
    found = said(ledger, "years")
    told = tuple(sorted(found.body, key=lambda fact: not _LENGTH.search(fact.words)))
    return own_requirement(ledger, replace(found, body=told), "没有写基本修业年限（学制）；应在“修业年限”一节")


def sports_skills(ledger: Ledger, _rule: Rule) -> Answer:
    """Sports that a graduate masters."""
    return own_requirement(ledger, said(ledger, "sports_skills"), f"没有写掌握几项运动技能；{_GOALS}")


def art_skills(ledger: Ledger, _rule: Rule) -> Answer:
    """Arts or hobbies that a graduate has."""
    return own_requirement(ledger, said(ledger, "art_skills"), f"没有写艺术特长或爱好的项数；{_GOALS}")


def foreign_languages(ledger: Ledger, _rule: Rule) -> Answer:
    """Foreign languages: as the plan asks, else as its public courses offer."""
    answer = own_requirement(ledger, said(ledger, "foreign_languages"), f"没有写学习几门外语；{_GOALS}")
    offered = _offered(ledger)
    if answer.own is not None or offered is None:
        return answer
    return Answer(offered, answer.others, "培养规格没有写外语门数，按课程表所开的外语课计")


def _offered(ledger: Ledger) -> Count | None:
    rows = [n for n in taken_rows(ledger) if _LANGUAGE.search(ledger.courses[n].name)]
    public = [n for n in rows if "public" in (ledger.courses[n].category, ledger.courses[n].category_alt)]
    compulsory = public or [n for n in rows if ledger.courses[n].required]
    if not compulsory:
        return None
    names = [ledger.courses[n].name for n in compulsory]
    document = ledger.programme.document
    evidence = unique(place_evidence(document, ledger.courses[n].locator, ledger.courses[n].name) for n in compulsory)
    text = f"课程表开有{'、'.join(names)}，至少 1 门外语"
    return Count(1, text, evidence, low=1.0, high=1.0)
