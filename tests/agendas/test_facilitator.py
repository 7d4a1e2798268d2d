import datetime as dt

from scheduler.agendas.facilitator import choose_facilitator
from scheduler.people.person import Person

DAY = dt.date(2026, 12, 8)


def person(person_id: str, **more) -> Person:
    return Person(id=person_id, name=person_id, mail=f"{person_id}@x.example", **more)


def choose(members, led=()):
    return choose_facilitator(members, dict(led), day=DAY, seed="s")


def test_who_led_longest_ago_leads():
    members = [person("ann"), person("bob"), person("cy")]
    led = {
        "ann": dt.date(2026, 10, 5), "bob": dt.date(2026, 9, 7), "cy": dt.date(2026, 11, 2),
    }  # fmt: skip

    assert choose(members, led) == "bob"


def test_who_never_led_comes_before_everybody():
    members = [person("ann"), person("bob")]

    assert choose(members, {"ann": dt.date(2020, 1, 1)}) == "bob"


def test_over_as_many_rounds_as_members_everybody_leads_once():
    members = [person(name) for name in ("ann", "bob", "cy", "dan")]
    led: dict[str, dt.date] = {}
    for week in range(4):
        led[choose(members, led)] = DAY + dt.timedelta(weeks=week)

    assert sorted(led) == ["ann", "bob", "cy", "dan"]


def test_guests_never_lead_and_newcomers_only_among_themselves():
    guest = person("eve", guest=True)
    new = person("fay", hired=dt.date(2026, 12, 1))

    assert choose([guest, new, person("ann")], {"ann": dt.date(2026, 12, 1)}) == "ann"
    assert choose([guest, new]) == "fay"
    assert choose([guest]) is None
