import asyncio
import dataclasses

from scheduler.rounds.approval import approve_round
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.rounds.reconciling import reconcile_all
from scheduler.store.engine import open_store


def test_reconcile_finds_nothing_after_a_sound_run_and_all_after_a_lost_store(
    open_context, ask, tmp_path
) -> None:
    async def work():
        async with open_context() as context:
            planned = await plan_round(context, "cross-team-lunch")
            approve_round(context.store, planned.plan.round_id, by="hr")
            await carry_out_round(context, planned.plan.round_id)
            sound = await reconcile_all(context)
            with open_store(tmp_path / "another.db") as store:
                forgetful = dataclasses.replace(context, store=store)
                lost = await reconcile_all(forgetful)
                healed = await reconcile_all(forgetful, cancel_strays="We start over.")
            return len(planned.plan.groups), sound, lost, healed

    groups, sound, lost, healed = asyncio.run(work())

    assert (sound.exit_code, sound.strays, len(sound.outcomes)) == (0, 0, 1)
    assert (lost.exit_code, lost.strays, lost.strays_cancelled) == (1, groups, 0)
    assert (healed.exit_code, healed.strays_cancelled) == (0, groups)
    assert ask("report")["events"] == 0
