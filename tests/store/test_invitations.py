import datetime as dt

from scheduler.store.answers import Answer, Invitation, read_invitations, save_answers
from scheduler.store.rounds import save_plan
from scheduler.store.seats import save_seat

ROUND = "cross-team-lunch/2026-12-07"
AT = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
FIRST_DAY = dt.datetime(2026, 12, 7, tzinfo=dt.UTC)
AFTER = dt.datetime(2026, 12, 20, tzinfo=dt.UTC)


def answer(who: str, response: str) -> Answer:
    return Answer(round_id=ROUND, group_number=1, who=who, response=response, answered_at=None,
                  proposed_start=None, read_at=AT)  # fmt: skip


def test_invitations_tell_answers_in_outlook_and_on_cards_from_silence(store, plan):
    save_plan(store, plan, at=AT, by="hr")
    said = {"ann": "accepted", "bob": "none", "cy": "notResponded", "dan": "declined"}
    save_answers(store, [*(answer(*one) for one in said.items()), answer("o@x", "none")], at=AT)
    save_seat(store, ROUND, 1, "cy", coming=False, at=AT)

    found = read_invitations(store, until=AFTER)

    assert {one.person_id: one.answered for one in found} == {
        "ann": True, "bob": False, "cy": True, "dan": True,
    }  # fmt: skip
    assert found[0] == Invitation(person_id="ann", start=FIRST_DAY, answered=True)


def test_invitations_to_what_has_not_begun_and_of_the_round_itself_are_left_out(store, plan):
    save_plan(store, plan, at=AT, by="hr")
    save_answers(store, [answer("ann", "none")], at=AT)

    assert read_invitations(store, until=FIRST_DAY) == ()
    assert read_invitations(store, until=AFTER, without_round=ROUND) == ()
