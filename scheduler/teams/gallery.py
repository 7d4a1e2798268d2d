"""One example of every card: for the pictures in the docs, and to test that each one fits.

``longest`` makes the same cards for the largest group with the longest names, which is how cards
break.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from scheduler.agendas.agenda import Agenda, write_agenda
from scheduler.agendas.reasons import write_reasons
from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.people.choices import Choices, Introduction
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut
from scheduler.programmes.programme import (
    AgendaItem,
    AgendaPlan,
    Audience,
    Programme,
    Size,
    VenueWish,
    Window,
)
from scheduler.teams.cards.answer import (
    cancelled_card,
    confirmed_card,
    declined_card,
    joined_card,
    not_joined_card,
    thanked_card,
    without_you_card,
)
from scheduler.teams.cards.choices import choices_card
from scheduler.teams.cards.feedback import (
    Offer,
    feedback_card,
    follow_up_card,
    thanks_card,
    times_card,
)
from scheduler.teams.cards.forum import Said, market_card, post_card, question_card
from scheduler.teams.cards.group import group_card
from scheduler.teams.cards.invitation import invitation_card
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.teams.cards.organiser import RoundReport, plan_ready_card, round_report_card
from scheduler.teams.cards.reminder import reminder_card
from scheduler.teams.cards.rest import back_card, rest_card
from scheduler.teams.cards.tables import Turn, tables_card
from scheduler.teams.signing import Signer
from scheduler.texts.catalogue import Texts, texts_in

_ROUND = "cross-team-lunch/2026-12-07"
_STARTS = dt.datetime(2026, 12, 7, 12, tzinfo=ZoneInfo("Europe/Berlin"))
_PEOPLE = (
    ("Zoë Łukasiewicz", "Customer Service", "Team lead", "Berlin", dt.date(2009, 4, 1)),
    ("Anneke de Vries", "Legal", "Counsel", "Berlin", dt.date(2026, 9, 1)),
    ("Ravi Subramanian", "Research", "Scientist", "London", dt.date(2019, 9, 1)),
    ("José O'Neil", "Logistics", "Planner", "Berlin", dt.date(2021, 2, 1)),
)
_LONG_NAME = "Maximiliana-Alexandra Freifrau von Hohenstein-Württemberg zu Donaueschingen"
_LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsausbildungsabteilung"


def example_cards(language: str, *, longest: bool = False) -> dict[str, Card]:
    """Every card by its name, in the order in which people meet them."""
    signer = Signer(["an example needs a secret, and keeps none"])
    people = _people(longest=longest)
    programme = example_programme(longest=longest)
    texts = texts_in(language)
    agenda = _agenda(programme, people, texts)
    mine = Buttons(signer, _ROUND, "0", about="12")
    asked = Buttons(signer, programme.name, "0")
    channel = Buttons(signer, programme.name, None, about="7")
    links = {"event_url": "https://outlook.office.com/", "join_url": "https://teams.microsoft.com/"}
    others = [person for person in agenda.people if person.id != "0"]
    report = "https://networking.example.com/"
    question = _text("Which small thing made your week easier?", longest=longest)
    note = _text("Send Ravi the list of suppliers.", longest=longest)
    answers = ["Walking to the next meeting.", "A list of who knows what.", "Asking earlier."]
    said = [
        Said(person.name, _text(answers[number % len(answers)], longest=longest))
        for number, person in enumerate(people[1:])
    ]
    needs = Said(people[1].name, _text("Who has built a small web page?", longest=longest))
    knows = Said(people[2].name, _text("I can teach spreadsheets.", longest=longest))
    return {
        "invitation": invitation_card(programme, asked, language=language),
        "invitation-joined": joined_card(programme, asked, language=language),
        "invitation-not-now": not_joined_card(programme, asked, never=False, language=language),
        "group": group_card(agenda, mine, introductions=_introductions(people), **links),
        "group-declined": declined_card(agenda, mine),
        "group-cancelled": cancelled_card(agenda),
        "group-without-you": without_you_card(agenda),
        "reminder": reminder_card(agenda, mine, **links),
        "reminder-confirmed": confirmed_card(agenda, mine),
        "tables": tables_card(
            programme.title, agenda.place, _turns(people), language=language
        ),
        "feedback": feedback_card(programme.title, agenda.day, others, mine, language=language),
        "feedback-thanks": thanked_card(programme.title, language=language),
        "follow-up": follow_up_card(
            programme.title, agenda.day, others, mine, note=note,
            language=language,
        ),
        "choices": choices_card(
            _choices(), [programme], Buttons(signer, "choices", "0"),
            today=dt.date(2026, 11, 25), mails={"2": "ravi@example.com"}, language=language,
        ),
        "times": times_card(
            people[1].name,
            [Offer(_STARTS + dt.timedelta(days=7 * n), 30, links["event_url"]) for n in (1, 2)],
            language=language,
        ),
        "times-none": times_card(people[1].name, [], language=language),
        "thanks": thanks_card(people[1].name, _text("For the idea.", longest=longest),
                              language=language),
        "rest": rest_card(3, Buttons(signer, "choices", "0"), language=language),
        "rest-over": back_card(Buttons(signer, "choices", "0"), language=language),
        "plan-ready": plan_ready_card(
            example_plan(people), programme.title, mine, page_url=report, language=language
        ),
        "round-report": round_report_card(
            RoundReport(
                groups=240, groups_met=231, people=918, new_ties=1374, cross_department_ties=1362,
                answers=612, again_share=0.87, repaired=14, unreachable=9,
            ),
            programme.title, page_url=report, language=language,
        ),
        "question": question_card(
            programme.title, question, said, channel, language=language
        ),
        "market": market_card(programme.title, channel, language=language),
        "ask": post_card("ask", needs, said[2:], channel, language=language),
        "offer": post_card("offer", knows, [], channel, language=language),
    }  # fmt: skip


def _people(*, longest: bool) -> list[Person]:
    if longest:
        return [
            Person(
                id=str(number),
                name=f"{_LONG_NAME} {number}",
                mail="m@example.com",
                department=f"{_LONG_WORD} {number}",
                title=f"{_LONG_WORD} {number}",
                office="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
                zone="Europe/Berlin",
            )
            for number in range(60)
        ]
    return [
        Person(
            id=str(number),
            name=name,
            mail="m@example.com",
            department=department,
            title=title,
            office=office,
            hired=hired,
            zone="Europe/London" if office == "London" else "Europe/Berlin",
        )
        for number, (name, department, title, office, hired) in enumerate(_PEOPLE)
    ]


def example_programme(*, longest: bool) -> Programme:
    """The programme of the examples."""
    title = f"Cross-team lunch of the {_LONG_WORD}" if longest else "Cross-team lunch"
    sentence = "Have lunch with people from other teams, and find out how you can help each other. "
    return Programme(
        name="cross-team-lunch",
        title=title[:120],
        audience=Audience(),
        size=Size(at_least=3, ideal=4, at_most=5),
        window=Window(earliest=dt.time(11, 30), latest=dt.time(13, 30), minutes=60),
        venue=VenueWish(kind="in-person"),
        agenda=AgendaPlan(
            purpose=(sentence * (4 if longest else 1)).strip(),
            items=(
                AgendaItem(minutes=10, title="Arrive and order"),
                AgendaItem(minutes=25, title="Who we are", text="What are you proud of?"),
                AgendaItem(minutes=20, title="Where our work touches"),
                AgendaItem(minutes=5, title="What happens next", text="One thing each."),
            ),
        ),
    )


def _agenda(programme: Programme, people: list[Person], texts: Texts) -> Agenda:
    ties = len(people) * (len(people) - 1) // 2
    return write_agenda(
        programme.agenda,
        title=programme.title,
        members=people,
        starts=_STARTS,
        minutes=60,
        place="Café Linde, table 4",
        why=write_reasons(people, new_ties=ties, day=_STARTS.date(), texts=texts),
        language=texts.language,
    )


def _introductions(people: list[Person]) -> dict[str, Introduction]:
    return {
        person.id: Introduction(
            do="I read what others sign.", help="plain words", learn="how parcels travel"
        )
        for person in people[1:]
    }


def _text(text: str, *, longest: bool) -> str:
    return f"{_LONG_WORD} " * 7 if longest else text


def _choices() -> Choices:
    return Choices(
        joined=frozenset({"cross-team-lunch"}),
        paused_until=dt.date(2027, 1, 10),
        every_weeks=4,
        never_with=frozenset({"3"}),
        meet_people=("2",),
        meet_areas=("Research",),
        interests=("running", "batteries"),
        languages=("de", "en"),
        introduction=Introduction(do="I lead customer service.", help="difficult calls"),
        diet="vegetarian",
    )


def _turns(people: list[Person]) -> list[Turn]:
    names = [person.name for person in people[1:]]
    return [
        Turn(
            starts=_STARTS + dt.timedelta(minutes=15 * turn),
            minutes=15,
            table=f"Table {turn + 1}",
            others=tuple(names[(turn + seat) % len(names)] for seat in range(2)),
        )
        for turn in range(4)
    ]


def example_plan(people: list[Person]) -> Plan:
    """A plan for a thousand, all of whose groups are one group of these people."""
    group = Group(
        number=12,
        member_ids=tuple(person.id for person in people),
        slot=Slot(_STARTS.astimezone(dt.UTC), 60),
        place=Place("Café Linde", "table", seats=6),
        new_ties=6,
    )
    return Plan(
        round_id=_ROUND,
        groups=(group,) * 240,
        left_out=(LeftOut("0", "no_slot", "Free in no lunch window."),) * 47,
        roster_size=1005,
        placed=958,
        placed_bound=967,
        value=52340,
        value_bound=53120,
        bound_by="relaxation",
        new_ties=1374,
        cross_department_ties=1362,
        repeats=0,
        seed=1,
        complete=True,
    )
