"""Which function answers which quantity."""

from __future__ import annotations

from collections.abc import Callable

from alignment.programme.counting.ledger import Ledger
from alignment.programme.quantities import QuantityName
from alignment.programme.rules import (
    activities,
    courses_count,
    credits,
    faculty,
    internship,
    listed,
    ordinal,
    shares,
    students,
    totals,
)
from alignment.programme.rules.outcome import Answer
from corpora.standard import Rule

ANSWERS: dict[QuantityName, Callable[[Ledger, Rule], Answer]] = {
    "years": students.years,
    "foundation_courses": courses_count.foundation_courses,
    "core_courses": courses_count.core_courses,
    "extension_courses": courses_count.extension_courses,
    "total_hours": totals.total_hours,
    "total_credits": totals.total_credits,
    "hours_per_credit": credits.hours_per_credit,
    "practice_week_hours": credits.practice_week_hours,
    "public_share": shares.public_share,
    "practice_share": shares.practice_share,
    "elective_share": shares.elective_share,
    "elective_credits": totals.elective_credits,
    "public_hours": totals.public_hours,
    "practice_hours": totals.practice_hours,
    "elective_hours": totals.elective_hours,
    "internship_months": internship.internship_months,
    "internship_weeks": internship.internship_weeks,
    "internship_credits": internship.internship_credits,
    "activity_credits_per_week": activities.activity_credits_per_week,
    "student_teacher_ratio": faculty.student_teacher_ratio,
    "double_qualified_share": faculty.double_qualified_share,
    "senior_share": faculty.senior_share,
    "enterprise_practice_yearly": faculty.enterprise_practice_yearly,
    "enterprise_practice_five_years": faculty.enterprise_practice_five_years,
    "sports_skills": students.sports_skills,
    "art_skills": students.art_skills,
    "foreign_languages": students.foreign_languages,
    "leader_title": ordinal.leader_title,
    "teacher_certificate": ordinal.teacher_certificate,
    "teacher_degree": ordinal.teacher_degree,
    "part_time_title": ordinal.part_time_title,
    "internship_agreement": ordinal.internship_agreement,
    "weekly_hours": totals.weekly_hours,
    "course_hours": listed.course_hours,
    "course_credits": listed.course_credits,
    "required_courses": listed.required_courses,
}
