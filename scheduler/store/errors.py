"""What the store refuses, as types that say which round and why."""

from __future__ import annotations

from scheduler.errors import ScheduleError


class StoreError(ScheduleError):
    """The store cannot be used as it is; the message says what to do."""


class UnknownRoundError(ScheduleError):
    """There is no round of that name."""

    def __init__(self, round_id: str) -> None:
        super().__init__(
            f"There is no round {round_id}. A round is named by programme and date, for example "
            "cross-team-lunch/2026-12-07; `scheduler status` lists them."
        )
        self.round_id = round_id


class RoundStateError(ScheduleError):
    """The round is in a state from which this step does not lead on."""

    def __init__(self, round_id: str, state: str, wanted: str) -> None:
        super().__init__(f"Round {round_id} is {state}, so it cannot become {wanted}.")
        self.round_id = round_id
        self.state = state
        self.wanted = wanted


class PlanChangedError(ScheduleError):
    """Somebody else changed the plan meanwhile, so what was decided is about another one."""

    def __init__(self, round_id: str) -> None:
        super().__init__(
            f"The plan of {round_id} has changed since you looked at it. Nothing was changed now; "
            "look at it again."
        )
        self.round_id = round_id


class RoundHeldError(ScheduleError):
    """Another process works on the round now; there is nothing to do but let it."""

    exit_code = 3

    def __init__(self, round_id: str) -> None:
        super().__init__(
            f"Another process is working on round {round_id} now. Nothing was done here; "
            "run the command again when it has finished."
        )
        self.round_id = round_id
