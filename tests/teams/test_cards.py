"""Each card says what it is for, fits the schema and Teams' size, and its buttons are known."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from scheduler.agendas.agenda import Attendee
from scheduler.people.choices import Choices
from scheduler.people.sign_up import Listing
from scheduler.programmes.programme import Audience, Cadence, Programme, SignUp
from scheduler.teams.cards.answer import (
    REFUSALS,
    cancelled_card,
    declined_card,
    joined_card,
    not_joined_card,
    refusal_text,
)
from scheduler.teams.cards.choices import choices_card
from scheduler.teams.cards.feedback import OFFERED_AT_MOST, feedback_card, follow_up_card
from scheduler.teams.cards.forum import SHOWN, Said, post_card, question_card
from scheduler.teams.cards.invitation import invitation_card
from scheduler.teams.cards.kit import LIMIT_BYTES, Buttons, escape_markdown
from scheduler.teams.cards.name_list import describe_listing
from scheduler.teams.cards.organiser import RoundReport, plan_ready_card, round_report_card
from scheduler.teams.cards.reminder import reminder_card
from scheduler.teams.cards.tables import Turn, tables_card
from scheduler.teams.gallery import example_cards, example_plan, example_programme
from scheduler.teams.signing import FIELD, Action
from scheduler.teams.verbs import VERBS
from scheduler.texts.catalogue import languages, texts_in

ALL = [
    pytest.param(card, id=f"{name}-{language}-{'longest' if longest else 'usual'}")
    for language in languages()
    for longest in (False, True)
    for name, card in example_cards(language, longest=longest).items()
]


def find(content, kind):
    found = []
    if isinstance(content, dict):
        if content.get("type") == kind:
            found.append(content)
        for value in content.values():
            found += find(value, kind)
    elif isinstance(content, list):
        for value in content:
            found += find(value, kind)
    return found


@pytest.fixture
def programme() -> Programme:
    return example_programme(longest=False)


@pytest.fixture
def others() -> list[Attendee]:
    return [Attendee("2", "Ann", "Sales"), Attendee("3", "Bob", "Legal")]


@pytest.mark.parametrize("card", ALL)
def test_card_fits_the_schema_and_the_limit(card, check_card):
    check_card(card.content)
    assert card.size < LIMIT_BYTES
    assert card.content["fallbackText"] == card.summary
    assert card.content["version"] == "1.5"


@pytest.mark.parametrize("card", ALL)
def test_buttons_are_universal_with_the_old_kind_to_fall_back_on(card):
    for press in find(card.content, "Action.Execute"):
        assert press["verb"] in VERBS
        assert press["fallback"] == {
            key: value for key, value in press.items() if key not in {"type", "verb", "fallback"}
        } | {"type": "Action.Submit"}


@pytest.mark.parametrize("card", ALL)
def test_what_is_filled_in_is_what_the_door_reads(card):
    read = {key for keys in VERBS.values() for key in keys}
    inputs = [
        field
        for kind in ("Text", "ChoiceSet", "Date")
        for field in find(card.content, f"Input.{kind}")
    ]

    assert {field["id"] for field in inputs} <= read
    assert all(field["label"] for field in inputs)


def test_every_verb_is_on_some_card():
    used = {
        press["verb"]
        for card in example_cards("en").values()
        for press in find(card.content, "Action.Execute")
    }

    assert used == set(VERBS)


def test_schema_would_catch_a_misspelt_element(check_card):
    card = example_cards("en")["tables"]

    with pytest.raises(AssertionError, match=r"is not valid|is not one of|Additional properties"):
        check_card(dict(card.content) | {"body": [{"type": "TextBlok", "text": "x"}]})


def test_invitation_explains_the_programme_from_its_settings(programme, buttons, say):
    said = say(invitation_card(programme, buttons, language="en"))

    assert "You take part only if you say so." in said
    assert "You meet 2 to 4 colleagues, chosen for you." in said
    assert "It takes place every 2 weeks." in said
    assert (
        "It takes 60 minutes between 11:30 and 13:30, on a day that suits all of you: "
        "Monday, Tuesday, Wednesday, Thursday and Friday." in said
    )
    assert "You meet in person, at your office." in said


def test_invitation_says_when_silence_means_yes(programme, buttons, say):
    opt_out = programme.model_copy(update={"audience": Audience(join="opt-out")})

    assert "You take part unless you say no." in say(
        invitation_card(opt_out, buttons, language="en")
    )


def test_invitation_becomes_an_answer_with_a_way_back(programme, buttons, say):
    joined = joined_card(programme, buttons, language="en")
    never = not_joined_card(programme, buttons, never=True, language="en")

    assert "You are in." in say(joined)
    assert [press["verb"] for press in find(joined.content, "Action.Execute")] == ["settings"]
    assert "We will not ask you again." in say(never)
    assert [press["verb"] for press in find(never.content, "Action.Execute")] == ["join"]


LISTED = Listing(
    title="A day out", day=dt.date(2027, 5, 21), fixed=True, closes=dt.date(2027, 5, 14),
    closed=False, capacity=24, waiting_list=True, names=30, standing="out",
)  # fmt: skip


def test_invitation_to_put_ones_name_down_says_until_when_and_that_no_calendar_is_read(
    programme, buttons, say
):
    outing = programme.model_copy(
        update={
            "sign_up": SignUp(capacity=24, waiting_list=False),
            "whole": "everybody",
            "cadence": Cadence(on=(LISTED.day,)),
        }
    )
    said = say(
        invitation_card(outing, buttons, language="en", open_list=(LISTED.day, LISTED.closes))
    )

    title = programme.title
    assert (
        f"Put your name down for {title} on Friday, 21 May 2027 by the end of Friday, 14 May 2027."
    ) in said
    assert "There are 24 seats, for those who come first." in said
    assert "waiting list" not in said
    assert "Nobody looks at your calendar: who puts their name down comes." in said
    assert "We look only at when you are free or busy" not in said
    assert "You meet everybody who takes part." in said
    assert "It takes 60 minutes between 11:30 and 13:30." in said


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("waiting_list", [False, True])
@pytest.mark.parametrize(
    ("standing", "words"),
    [
        ("place", "Your name is on the list"),
        ("seat", "You have a seat"),
        ("waiting", "on the waiting list"),
        ("full", "It is full"),
        ("late", "You are down for the next one"),
        ("out", ""),
    ],
)
def test_card_of_who_put_their_name_down_says_where_they_stand_in_both_languages(
    programme, buttons, say, check_card, standing, words, waiting_list, closed
):
    listing = dataclasses.replace(
        LISTED, standing=standing, number=3, waiting_list=waiting_list, closed=closed
    )
    cards = [
        joined_card(programme, buttons, language=language, listing=listing)
        for language in ("en", "de")
    ]

    english, german = map(say, cards)
    assert words in english
    assert "You are in." not in english
    texts = texts_in("de")
    told = describe_listing(listing, texts)
    assert told
    assert all(sentence in german for sentence in told)
    assert not set(told) & set(describe_listing(listing, texts_in("en")))
    for card in cards:
        check_card(card.content)


def test_card_of_somebody_on_a_break_says_no_more_than_that_they_are_in(programme, buttons, say):
    away = dataclasses.replace(LISTED, standing="away")
    assert "You are in." in say(joined_card(programme, buttons, language="en", listing=away))


def test_reminder_asks_whether_somebody_still_comes(agenda, buttons, say):
    card = reminder_card(agenda, buttons)

    assert "You meet José *Star* O'Neil and 王伟 soon. Are you still coming?" in say(card)
    assert [press["verb"] for press in find(card.content, "Action.Execute")] == [
        "confirm",
        "decline",
    ]


def test_declined_card_lets_somebody_come_after_all(agenda, buttons, signer):
    (press,) = find(declined_card(agenda, buttons).content, "Action.Execute")

    assert signer.read(press["data"][FIELD]) == Action(
        "come_after_all", "cross-team-lunch/2026-12-07", "1", "12"
    )


def test_cancelled_card_has_no_button(agenda, say):
    card = cancelled_card(agenda, reason="The café is closed.")

    assert "actions" not in card.content
    assert say(card).split("\n") == [
        "Cross-team lunch",
        "Monday, 7 December 2026, 12:00–13:00: this meeting was called off.",
        "The café is closed.",
    ]


def test_tables_are_told_turn_by_turn(say):
    starts = dt.datetime(2026, 12, 7, 11, tzinfo=dt.UTC)
    turns = [
        Turn(starts, 15, "Table 3", ("Ann", "Bob")),
        Turn(starts + dt.timedelta(minutes=15), 15, "Table 1", ("Cy",)),
    ]

    card = tables_card("Networking hour", "Canteen", turns, language="en")

    assert say(card).split("\n") == [
        "Networking hour",
        "Monday, 7 December 2026",
        "Coordinated Universal Time",
        "Canteen",
        "11:00–11:15  Table 3",
        "Ann and Bob",
        "11:15–11:30  Table 1",
        "Cy",
    ]
    assert card.summary == "Networking hour: you begin at Table 3, 11:00–11:15."


def test_tables_without_a_turn_are_refused():
    with pytest.raises(ValueError, match="at least one turn"):
        tables_card("Networking hour", "Canteen", [], language="en")


def test_feedback_offers_the_others_to_thank(others, buttons):
    card = feedback_card("Lunch", "Monday", others, buttons, language="en")

    thank = next(field for field in find(card.content, "Input.ChoiceSet") if field["id"] == "thank")
    assert thank["choices"] == [{"title": "Ann", "value": "2"}, {"title": "Bob", "value": "3"}]
    assert thank["isMultiSelect"]


def test_feedback_of_a_crowd_fits_too(others, buttons, check_card):
    crowd = [Attendee(str(n), f"Maximiliana von Hohenstein {n}", "") for n in range(500)]

    for card in (
        feedback_card("Evening", "Monday", crowd, buttons, language="de"),
        follow_up_card("Evening", "Monday", crowd, buttons, note="x" * 1000, language="de"),
    ):
        check_card(card.content)
        choices = find(card.content, "Input.ChoiceSet")[-1]["choices"]
        assert len(choices) == OFFERED_AT_MOST


def test_follow_up_gives_the_note_back(others, buttons, say):
    with_note = say(
        follow_up_card("Lunch", "Monday", others, buttons, note="Send *the* link", language="en")
    )
    without = say(follow_up_card("Lunch", "Monday", others, buttons, note=None, language="en"))

    assert "You noted for yourself; only you see this:\nSend *the* link" in with_note
    assert "Is there somebody whom you would like to meet again?" in without


def test_choices_are_shown_as_they_are(programme, buttons):
    choices = Choices(
        left=frozenset({"cross-team-lunch"}),
        paused_until=dt.date(2027, 1, 10),
        every_weeks=8,
        meet_people=("2", "gone"),
        diet="vegetarian",
    )

    card = choices_card(
        choices,
        [programme, programme.model_copy(update={"name": "coffee", "title": "Coffee",
                                                 "audience": Audience(join="opt-out")})],
        buttons, today=dt.date(2026, 11, 25), mails={"2": "ann@example.com"}, language="en",
    )  # fmt: skip

    fields = [
        field
        for kind in ("Input.ChoiceSet", "Input.Date", "Input.Text")
        for field in find(card.content, kind)
    ]
    assert {field["id"]: field["value"] for field in fields if "value" in field} == {
        "programmes": "coffee",
        "nothing_else": "",
        "pause_until": "2027-01-10",
        "every_weeks": "8",
        "adviser": "no",
        "meet_people": "ann@example.com",
        "diet": "vegetarian",
    }
    assert {field["id"] for field in fields} == set(VERBS["save_choices"])


def test_choices_of_somebody_who_did_not_answer_say_so_and_tick_nothing(programme, buttons, say):
    def card(*, silent: bool):
        return choices_card(
            Choices(joined=frozenset({programme.name}), silent=silent), [programme], buttons,
            today=dt.date(2026, 11, 25), mails={}, language="en",
        )  # fmt: skip

    resting = "left several invitations without an answer"
    assert (resting in say(card(silent=True)), resting in say(card(silent=False))) == (True, False)
    ticked = [
        find(card(silent=s).content, "Input.ChoiceSet")[0].get("value") for s in (True, False)
    ]
    assert ticked == ["", programme.name]


def test_whom_somebody_avoids_is_on_no_card(programme, buttons):
    def card(*shunned: str):
        return choices_card(
            Choices(never_with=frozenset(shunned)), [programme], buttons,
            today=dt.date(2026, 11, 25), mails={"2": "ann@example.com"}, language="en",
        )  # fmt: skip

    assert card("2") == card()


def test_pause_that_is_over_is_not_shown(programme, buttons):
    card = choices_card(
        Choices(paused_until=dt.date(2026, 1, 1)), [programme], buttons,
        today=dt.date(2026, 11, 25), mails={}, language="en",
    )  # fmt: skip

    (date,) = find(card.content, "Input.Date")
    assert "value" not in date
    assert date["min"] == "2026-11-25"


def test_plan_that_waits_shows_its_figures(buttons, say):
    card = plan_ready_card(
        example_plan([]),
        "Cross-team lunch",
        buttons,
        page_url="https://hr.example/plan",
        language="en",
    )

    assert say(card).split("\n")[:10] == [
        "Cross-team lunch: a plan waits for you",
        "cross-team-lunch/2026-12-07",
        "958",
        "people have a seat",
        "240",
        "groups",
        "1,374",
        "new ties",
        "No plan could seat more than 967 people.",
        "47 people are left out; the plan says why for each of them.",
    ]
    assert [press["verb"] for press in find(card.content, "Action.Execute")] == [
        "approve",
        "send_back",
    ]
    assert find(card.content, "Action.OpenUrl")[0]["url"] == "https://hr.example/plan"


def test_best_possible_plan_is_called_that(buttons, say):
    best = dataclasses.replace(example_plan([]), placed_bound=958, left_out=())

    said = say(plan_ready_card(best, "Lunch", buttons, page_url="https://x.example", language="en"))

    assert "No plan could seat more people." in said
    assert "left out" not in said


def test_report_of_few_answers_keeps_the_share_back(say):
    report = RoundReport(
        groups=10, groups_met=9, people=38, new_ties=50, cross_department_ties=1, answers=4
    )

    said = say(round_report_card(report, "Lunch", page_url="https://x.example", language="en"))

    assert "Too few people answered to say how they liked it." in said
    assert "9 of 10 groups met." in said
    assert "1 of the new ties crosses departments." in said
    assert "mail" not in said


def test_report_names_repairs_and_people_told_by_mail(say):
    report = RoundReport(
        groups=10, groups_met=9, people=38, new_ties=50, cross_department_ties=48, answers=20,
        again_share=0.9, repaired=1, unreachable=2,
    )  # fmt: skip

    said = say(round_report_card(report, "Lunch", page_url="https://x.example", language="en"))

    assert "90% of 20 who answered would do it again." in said
    assert "1 group was put together anew because somebody could not come." in said
    assert "2 people cannot be reached in Teams and were told by mail." in said


def test_question_shows_the_newest_answers(signer, say):
    channel = Buttons(signer, "lunch", None, about="7")
    answers = [Said(f"Person {n}", f"Answer {n}") for n in range(SHOWN + 3)]

    said = say(question_card("Lunch", "What is new?", answers, channel, language="en"))

    assert "3 earlier answers" in said
    assert "Answer 2" not in said
    assert f"Person {SHOWN + 2}  \nAnswer {SHOWN + 2}" in said


@pytest.mark.parametrize(
    ("kind", "title", "button"),
    [("ask", "Ann asks for help", "I can help"), ("offer", "Ann offers help", "I'd like that")],
)
def test_post_names_its_author(kind, title, button, signer, say):
    channel = Buttons(signer, "lunch", None, about="7")

    card = post_card(kind, Said("Ann", "A web page"), [Said("Bob", "Me")], channel, language="en")

    assert say(card).split("\n")[:2] == [title, "A web page"]
    assert card.summary == title
    assert find(card.content, "Action.ShowCard")[0]["title"] == button


@pytest.mark.parametrize("language", languages())
def test_refusals_are_kind_and_change_nothing(language):
    texts = {refusal: refusal_text(refusal, language=language) for refusal in REFUSALS}

    assert len(set(texts.values())) == len(REFUSALS)
    assert refusal_text("late", language="de").startswith("Das ist vorbei")


def test_marks_of_markdown_are_escaped_in_headings():
    assert escape_markdown("a*b_c[d](e)`f`\n#g") == r"a\*b\_c\[d\]\(e\)\`f\` \#g"
