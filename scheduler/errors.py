"""What every error that a person can mend has in common."""

from __future__ import annotations


class ScheduleError(Exception):
    """Something that the reader of the message can put right.

    The text is one line: what is wrong, where, and what would be right. Commands print it and
    exit with ``exit_code``; they never show a traceback for it.
    """

    exit_code = 2
