"""What buttons ask for, and what they send along: the contract between cards and the door.

The door (``scheduler.web``) gets the signed action of :mod:`scheduler.teams.signing`, the person
from the request's sign-in, and these inputs by name. Each verb changes nothing when it is pressed
again, so a press that arrives twice counts once.
"""

from __future__ import annotations

from collections.abc import Mapping

VERBS: Mapping[str, tuple[str, ...]] = {
    # A programme asks; subject is the programme's name.
    "join": (),
    "not_now": (),
    "never": (),
    # Somebody who left invitations unanswered; subject is "choices".
    "ask_again": (),
    # A group meets; subject is the round's id, about the group's number.
    "confirm": (),
    "decline": (),
    "come_after_all": (),
    "feedback": ("met", "again", "note", "thank", "thanks"),
    # Two weeks later; about is the group's number too.
    "connect": ("with",),
    "done": (),
    # What somebody decided; subject is the programme's name or "choices".
    "settings": (),
    "save_choices": (
        "programmes", "nothing_else", "pause_until", "every_weeks", "meet_people", "meet_areas",
        "never_with", "do", "help", "learn", "interests", "languages", "adviser", "diet", "access",
    ),
    # HR; subject is the round's id.
    "approve": (),
    "send_back": ("comment",),
    # The forum of a programme; subject is the programme's name, about the post's id.
    "answer": ("text",),
    "ask": ("text",),
    "offer": ("text",),
    "reply": ("text",),
}  # fmt: skip
"""Input names by verb."""
