"""What every page of a round shows: where it stands, what can be done now, how good the plan is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scheduler.rounds.editing import EDITABLE, PLANNED
from scheduler.store.rounds import Round, State
from scheduler.web.desk import Desk
from scheduler.web.plan_page import count_figures
from scheduler.web.plan_view import TEXTS, PlanView

STATES: dict[State, tuple[str, str, str]] = {
    "planned": ("Waits for approval", "warn", "Nobody has been invited yet."),
    "approved": ("Approved", "now", "Nobody has been invited yet. The next run invites everybody."),
    "booking": ("Inviting", "now", "Invitations are being sent."),
    "booked": ("Invited", "good", "Everybody has been invited."),
    "held": ("Has taken place", "good", "The meetings have taken place."),
    "closed": ("Closed", "", "The meetings have taken place, and everybody was asked how it was."),
    "cancelling": ("Being cancelled", "warn", "Members are being told that it is called off."),
    "cancelled": ("Cancelled", "", "The round was called off, and everybody was told."),
}
"""Each state in words: its name, how it stands out, a sentence."""

_STEPS: tuple[tuple[str, frozenset[State]], ...] = (
    ("Planned", frozenset({"planned"})),
    ("Approved", frozenset({"approved"})),
    ("Invited", frozenset({"booking", "booked"})),
    ("Held", frozenset({"held"})),
    ("Closed", frozenset({"closed"})),
)
SAID = {
    "approved": "Approved. Nobody has been invited yet.",
    "sent-back": "Sent back. Nobody is invited until a plan is approved.",
    "kept": "Kept. The plan is as you see it now.",
    "fixed": "This group stays as it is when the rest is solved again.",
    "loose": "This group may be changed when the rest is solved again.",
    "solved": "Solved again. What was fixed stayed as it was.",
    "priced": "These are the prices on the calendars of today.",
    "planned": "Planned. Nobody has been told; look at the plan, and approve it.",
}
"""What was just done, by the word that a redirect carries."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a round's life: ``past``, ``now`` or ``ahead``."""

    name: str
    when: str


def round_values(
    desk: Desk, found: Round, view: PlanView, tab: str, said: str = ""
) -> dict[str, Any]:
    """The values of ``round.html.j2``."""
    name, badge, sentence = STATES[found.state]
    return {
        "title": desk.title(found),
        "round": found,
        "base": f"/rounds/{found.id}",
        "tab": tab,
        "state_name": name,
        "state_badge": badge,
        "state_sentence": sentence,
        "steps": list_steps(found.state),
        "plan": view.plan,
        "view": view,
        "figures": count_figures(view.plan, TEXTS),
        "editable": found.state in EDITABLE and not is_whole(desk, found),
        "solvable": found.state in PLANNED and not is_whole(desk, found),
        "at_work": desk.jobs.is_at_work(f"carry {found.id}"),
        "message": SAID.get(said, ""),
    }


def is_whole(desk: Desk, found: Round) -> bool:
    """Whether the programme's groups are not chosen, so that nobody is moved by hand."""
    programme = desk.service.context().settings.programmes.get(found.programme)
    return programme is None or programme.whole is not None


def list_steps(state: State) -> tuple[Step, ...]:
    """The life of a round, and where it is; empty for one that was called off."""
    places = [place for place, (_, states) in enumerate(_STEPS) if state in states]
    if not places:
        return ()
    now = places[0]
    return tuple(
        Step(name, "past" if place < now else "now" if place == now else "ahead")
        for place, (name, _) in enumerate(_STEPS)
    )
