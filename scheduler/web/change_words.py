"""A tried change in words: who goes where, what it breaks, what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.grouping.board import EditError
from scheduler.grouping.editing import Breach, Drop, Edit, Move, Swap, Trial
from scheduler.people.person import Person
from scheduler.programmes.programme import Size
from scheduler.web.plan_view import PlanView


@dataclass(frozen=True, slots=True)
class Side:
    """One group before and after: who stays, who comes, who leaves."""

    number: int
    when: str
    place: str
    members: tuple[tuple[str, str], ...]
    gone: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """One figure before and after a change; ``sign`` 1 where it is better, -1 where worse."""

    name: str
    before: int
    after: int
    sign: int

    @property
    def change(self) -> str:
        """``+2``, ``−1``, ``=``."""
        difference = self.after - self.before
        return "=" if not difference else f"{difference:+d}".replace("-", "−")


def tell_edit(edit: Edit, view: PlanView) -> str:
    """The change as a sentence."""
    match edit:
        case Drop(number):
            return f"Group {number} does not meet."
        case Swap(one, other):
            return f"{_name(view.people, one)} and {_name(view.people, other)} change seats."
        case Move(person_id, None):
            return f"{_name(view.people, person_id)} is taken out of this round."
        case Move(person_id, number):
            source = view.seat_of.get(person_id)
            name = _name(view.people, person_id)
            if source is None:
                return f"{name} gets a seat in group {number}."
            return f"{name} moves from group {source} to group {number}."


def name_edit(edit: Edit) -> str:
    """The change in a few words without names, for the list of plans."""
    match edit:
        case Drop(number):
            return f"group {number} called off by hand"
        case Swap():
            return "two people swapped by hand"
        case Move(_, None):
            return "somebody taken out by hand"
        case Move(_, number):
            return f"somebody moved into group {number} by hand"


def tell_breach(breach: Breach, people: Mapping[str, Person], size: Size) -> str:
    """What a change breaks, as a sentence."""
    group, name = f"group {breach.number}", _name(people, breach.person_id or "")
    sentences = {
        "small": f"Group {breach.number} would have {breach.size} people; the programme asks for "
        f"at least {size.at_least}.",
        "large": f"Group {breach.number} would have {breach.size} people; the programme allows at "
        f"most {size.at_most}.",
        "alone": f"In {group} one person would be left alone. Call the group off instead.",
        "rule": f"In {group} the rule “{breach.rule}” would be broken.",
        "unfit": f"{name} cannot be in {group}: they are not free then, or somebody’s own choice "
        "stands against it. Which of the two is told to nobody.",
        "elsewhere": f"{name} works in another office than the one where {group} meets.",
        "seats": f"The place of {group} has not enough seats for {breach.size} people.",
        "closed": f"The place of {group} is not free at that time any more.",
    }
    return sentences.get(breach.kind, f"Group {breach.number} would be no group any more.")


def tell_error(error: EditError, people: Mapping[str, Person]) -> str:
    """Why a change cannot be tried, with names in the place of ids."""
    text = str(error)
    for person_id in error.person_ids:
        text = text.replace(person_id, _name(people, person_id))
    return text


def list_sides(trial: Trial, view: PlanView) -> list[Side]:
    """The groups concerned, each with who stays (""), who comes and who leaves."""
    after = {group.number: group for group in trial.plan.groups}
    sides = []
    for number in trial.changed:
        before = view.numbers[number]
        group = after.get(number)
        now = set(group.member_ids) if group else set()
        members = [(_name(view.people, m), "" if m in now else "leaves") for m in before.member_ids]
        members += [
            (_name(view.people, m), "comes")
            for m in (group.member_ids if group else ())
            if m not in before.member_ids
        ]
        members.sort(key=lambda item: (item[1] == "leaves", item[0].casefold()))
        sides.append(
            Side(number, view.when(number), before.place.name, tuple(members), group is None)
        )
    return sides


def list_costs(trial: Trial) -> list[Cost]:
    """The figures before and after."""
    before, after = trial.before, trial.after
    costs = [
        _cost("People with a seat", before.placed, after.placed, 1),
        _cost("New ties", before.new_ties, after.new_ties, 1),
        _cost("Across departments", before.cross_department_ties, after.cross_department_ties, 1),
        _cost("Pairs who met before", before.repeats, after.repeats, -1),
        _cost("Value of the plan, in points", before.value, after.value, 1),
    ]
    return costs + [
        _cost(f"Times that “{name}” is not followed", was, is_, -1) for name, was, is_ in trial.soft
    ]


def _cost(name: str, before: int, after: int, good: int) -> Cost:
    difference = (after - before) * good
    return Cost(name, before, after, (difference > 0) - (difference < 0))


def _name(people: Mapping[str, Person], person_id: str) -> str:
    return people[person_id].name if person_id in people else "somebody"
