"""The cards for HR: a plan waits for approval, and what a round changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal, format_percent
from microsoft_teams.cards.core import Action, CardElement, Column, ColumnSet, TextBlock

from scheduler.grouping.plan import Plan
from scheduler.teams.cards.kit import (
    Buttons,
    Card,
    entry,
    heading,
    make_card,
    opens,
    quiet,
    unfolds,
    words,
)
from scheduler.texts.catalogue import Texts, texts_in


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReport:
    """What a round changed. Shares are None where fewer than five people answered."""

    groups: int
    groups_met: int
    people: int
    new_ties: int
    cross_department_ties: int
    answers: int
    again_share: float | None = None
    repaired: int = 0
    unreachable: int = 0


def plan_ready_card(
    plan: Plan, title: str, buttons: Buttons, *, page_url: str, language: str
) -> Card:
    """Ask HR to look at a plan and to approve it or send it back."""
    texts = texts_in(language)
    left_out = Counter(entry.kind for entry in plan.left_out)
    body: list[CardElement] = [
        heading(texts.say("{title}: a plan waits for you", title=title)),
        words(quiet(plan.round_id), spacing="None"),
        _figures(
            [
                (_number(plan.placed, texts), texts.say("people have a seat")),
                (_number(len(plan.groups), texts), texts.say("groups")),
                (_number(plan.new_ties, texts), texts.say("new ties")),
            ]
        ),
        words(_how_good(plan, texts)),
    ]
    if left_out:
        body.append(
            words(
                texts.say_plural(
                    "{count} person is left out; the plan says why.",
                    "{count} people are left out; the plan says why for each of them.",
                    left_out.total(),
                )
            )
        )
    comment = entry(
        "comment",
        texts.say("What should be different?"),
        required=texts.say("Please say what should be different."),
    )
    back = buttons.press("send_back", texts.say("Send back"))
    actions: list[Action] = [
        opens(texts.say("Open the plan"), page_url),
        buttons.press("approve", texts.say("Approve and invite"), style="positive", inputs=False),
        unfolds(texts.say("Send back"), [comment], [back]),
    ]
    summary = texts.say(
        "{title}: a plan for {people} people waits for your approval.",
        title=title,
        people=_number(plan.placed, texts),
    )
    return make_card(body, actions, texts=texts, summary=summary)


def round_report_card(report: RoundReport, title: str, *, page_url: str, language: str) -> Card:
    """Tell HR's channel what a round changed."""
    texts = texts_in(language)
    lines = [
        texts.say(
            "{met} of {groups} groups met.",
            met=_number(report.groups_met, texts),
            groups=_number(report.groups, texts),
        ),
        texts.say_plural(
            "{count} of the new ties crosses departments.",
            "{count} of the new ties cross departments.",
            report.cross_department_ties,
        ),
    ]
    if report.again_share is None:
        lines.append(texts.say("Too few people answered to say how they liked it."))
    else:
        lines.append(
            texts.say(
                "{share} of {answers} who answered would do it again.",
                share=format_percent(report.again_share, locale=texts.locale),
                answers=_number(report.answers, texts),
            )
        )
    if report.repaired:
        lines.append(
            texts.say_plural(
                "{count} group was put together anew because somebody could not come.",
                "{count} groups were put together anew because somebody could not come.",
                report.repaired,
            )
        )
    if report.unreachable:
        lines.append(
            texts.say_plural(
                "{count} person cannot be reached in Teams and was told by mail.",
                "{count} people cannot be reached in Teams and were told by mail.",
                report.unreachable,
            )
        )
    body: list[CardElement] = [
        heading(texts.say("{title}: what this round changed", title=title)),
        _figures(
            [
                (_number(report.people, texts), texts.say("people met")),
                (_number(report.groups_met, texts), texts.say("groups")),
                (_number(report.new_ties, texts), texts.say("new ties")),
            ]
        ),
        *(words(f"• {line}", spacing="Small") for line in lines),
    ]
    summary = texts.say(
        "{title}: {people} people met, and {ties} new ties were made.",
        title=title,
        people=_number(report.people, texts),
        ties=_number(report.new_ties, texts),
    )
    actions = [opens(texts.say("Open the report"), page_url)]
    return make_card(body, actions, texts=texts, summary=summary)


def _how_good(plan: Plan, texts: Texts) -> str:
    if plan.placed >= plan.placed_bound:
        return texts.say("No plan could seat more people.")
    return texts.say(
        "No plan could seat more than {bound} people.", bound=_number(plan.placed_bound, texts)
    )


def _figures(figures: Sequence[tuple[str, str]]) -> ColumnSet:
    """Numbers side by side, each above what it counts."""
    return ColumnSet(
        columns=[
            Column(
                width="stretch",
                items=[
                    TextBlock(text=number, size="ExtraLarge", weight="Bolder", wrap=True),
                    TextBlock(text=label, is_subtle=True, wrap=True, spacing="None"),
                ],
            )
            for number, label in figures
        ],
        spacing="Medium",
    )


def _number(value: int, texts: Texts) -> str:
    return format_decimal(value, locale=texts.locale)
