"""How many social meetings a person has, over all programmes together."""

from __future__ import annotations

from pydantic import Field

from scheduler.programmes.values import Clock, Frozen


class LoadLimit(Frozen):
    """At most so many social meetings of one person, and room to breathe around each.

    A week begins on Monday, a month on its first day, both on the person's own wall clock.
    ``breathing_minutes``: free time before and after, so that no social meeting is back to back
    with another meeting.
    """

    per_week: int = Field(default=2, ge=1, le=14, description="meetings in a week")
    per_month: int = Field(default=4, ge=1, le=60, description="meetings in a month")
    breathing_minutes: int = Field(
        default=0, ge=0, le=120, description="minutes free before and after each"
    )


class ProtectedLunch(Frozen):
    """``minutes`` in one piece between ``earliest`` and ``latest`` stay free on every day, unless
    the social meeting is the lunch itself.
    """

    earliest: Clock = Field(description="the span begins")
    latest: Clock = Field(description="the span ends")
    minutes: int = Field(
        default=30, ge=10, le=180, description="that much of it, in one piece, stays free"
    )
