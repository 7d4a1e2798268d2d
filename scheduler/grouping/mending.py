"""The least change to a plan when people drop out, rooms decline, or a better time is proposed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from scheduler.grouping.framing import Frame, frame_problem
from scheduler.grouping.naming import make_group
from scheduler.grouping.plan import Group, Plan
from scheduler.grouping.problem import Problem, Seating
from scheduler.grouping.refilling import refill_frame
from scheduler.grouping.repair import repair
from scheduler.people.contacts import pair_of
from scheduler.people.roster import LeftOut

CANNOT_COME = ("cannot come", "They said that they cannot come to this round.")
GONE = ("takes no part", "They left, paused, or are no longer in the directory.")
CLOSED = ("group closed", "Their group could not go on. They come first next time.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upset:
    """What came in the way of a plan.

    ``dropped``: ids of people who do not come, in this round any more; ``without_room``: numbers
    of groups whose room or table is gone; ``proposals``: starts that members of a group proposed,
    by its number, the first wish first.
    """

    dropped: frozenset[str] = frozenset()
    without_room: frozenset[int] = frozenset()
    proposals: Mapping[int, Sequence[dt.datetime]] = field(default_factory=dict)


def mend_plan(plan: Plan, frame: Frame, upset: Upset, *, now: dt.datetime) -> Plan:
    """A plan in which everybody named can still meet, changed as little as possible.

    A group that satisfies its rules without those who dropped out goes on; else somebody without
    a seat steps in, or two short groups become one; else it is closed. Where groups are not chosen,
    the next of the same team, office or waiting list step in. Groups that have begun by
    ``now``, and those that somebody moved by hand to a time outside the programme's, lose only
    those who dropped out.

    Args:
        plan: The one that counts.
        frame: The round as it is today (same programme, slots and places).
        upset: What has changed.
        now: Aware.
    """
    board = _Board(plan, frame, upset, now)
    board.give_other_rooms()
    board.take_proposals()
    return board.mend()


class _Board:
    """A plan laid out in the engine's indices, and what could not be laid out."""

    def __init__(self, plan: Plan, frame: Frame, upset: Upset, now: dt.datetime) -> None:
        self.plan, self.frame, self.upset, self.now = plan, frame, upset, now
        problem = frame_problem(frame)
        self.row = {p.id: n for n, p in enumerate(frame.people)}
        self.column = {slot: n for n, slot in enumerate(frame.availability.slots)}
        self.venue = {place: n for n, place in enumerate(frame.places)}
        self.whole = frame.programme.whole is not None
        self.gone = {p for p in upset.dropped if p in self.row}
        self.groups: dict[int, Seating] = {}
        self.others: dict[int, Group] = {}
        available = problem.available.copy()
        free = problem.venues.free.copy()
        for group in plan.groups:
            seating = self._lay_out(group)
            if seating is None:
                self.others[group.number] = group
                rows = [self.row[p] for p in group.member_ids if p in self.row]
                available[rows] = False
                continue
            self.groups[group.number] = seating
            # Their own meeting stands in these calendars by now, and is no hindrance to itself.
            available[list(seating.members), seating.slot] = True
            free[seating.venue, seating.slot] = group.number not in upset.without_room
        available[[self.row[p] for p in self.gone]] = False
        self.problem: Problem = dataclasses.replace(
            problem,
            available=available,
            venues=dataclasses.replace(problem.venues, free=free),
        )

    def _lay_out(self, group: Group) -> Seating | None:
        if group.slot not in self.column or group.place not in self.venue:
            return None
        here = [p for p in group.member_ids if p in self.row]
        if len(here) < len(group.member_ids) and not (
            self.whole and here and self._is_to_come(group)
        ):
            return None
        members = tuple(sorted(self.row[p] for p in here))
        return Seating(members, self.column[group.slot], self.venue[group.place])

    def _is_to_come(self, group: Group) -> bool:
        return group.slot.start > self.now

    def _has_begun(self, number: int) -> bool:
        return self.frame.availability.slots[self.groups[number].slot].start <= self.now

    def _free_tables(self, venue: int, slot: int, number: int) -> int:
        """Tables of a venue that no other group has at that time."""
        venues, start = self.problem.venues, self.problem.start
        taken = sum(
            other.venue == venue
            and abs(int(start[other.slot] - start[slot])) < self.problem.minutes
            for n, other in self.groups.items()
            if n != number
        )
        taken += sum(
            self.venue.get(group.place) == venue
            and group.slot.start < self.frame.availability.slots[slot].end
            and self.frame.availability.slots[slot].start < group.slot.end
            for group in self.others.values()
        )
        return int(venues.tables[venue]) - taken if venues.free[venue, slot] else 0

    def give_other_rooms(self) -> None:
        """A group whose room is gone meets at the same time elsewhere in the office, or not."""
        for number in sorted(self.upset.without_room & set(self.groups)):
            group = self.groups[number]
            place = int(self.problem.venues.place[group.venue])
            seats = np.asarray(self.problem.venues.seats)
            fitting = [
                venue
                for venue in np.argsort(seats, kind="stable").tolist()
                if int(self.problem.venues.place[venue]) == place
                and seats[venue] >= len(group.members)
                and self._free_tables(venue, group.slot, number) > 0
            ]
            if fitting:
                self.groups[number] = dataclasses.replace(group, venue=fitting[0])
            else:
                del self.groups[number]

    def take_proposals(self) -> None:
        """A proposed time that suits all members, and the place, is taken.

        Not where people put their names down: nobody knows whom another time suits.
        """
        if self.frame.programme.sign_up is not None:
            return
        starts = {slot.start: n for slot, n in self.column.items()}
        for number, proposals in sorted(self.upset.proposals.items()):
            if number not in self.groups or self._has_begun(number):
                continue
            group = self.groups[number]
            for proposed in proposals:
                slot = starts.get(proposed)
                if slot is None or proposed <= self.now or slot == group.slot:
                    continue
                suits = bool(self.problem.available[list(group.members), slot].all())
                if suits and self._free_tables(group.venue, slot, number) > 0:
                    self.groups[number] = dataclasses.replace(group, slot=slot)
                    break

    def mend(self) -> Plan:
        """Repair what is laid out, take people out of the rest, and name the result."""
        numbers = sorted(self.groups)
        dropped = {self.row[p] for p in self.gone}
        keep = [i for i, n in enumerate(numbers) if self._has_begun(n)]
        problem = self.problem
        if self.whole:
            laid_out = [self.groups[n] for n in numbers]
            seats = {group.number: len(group.member_ids) for group in self.plan.groups}
            short = [i for i, n in enumerate(numbers) if len(laid_out[i].members) < seats[n]]
            mended = refill_frame(
                self.frame, problem, laid_out, dropped=dropped, keep=keep, short=short
            )
        else:
            problem = dataclasses.replace(problem, fixed=self._keep_decided())
            laid_out = [self.groups[n] for n in numbers]
            mended = repair(problem, laid_out, dropped=dropped, keep=keep).groups
        kept = {group.number: group for group in self.plan.groups}
        groups = [
            self._name(number, seating, kept[number])
            for number, seating in zip(numbers, mended, strict=True)
            if seating is not None
        ]
        groups += [
            rest
            for number, group in sorted(self.others.items())
            if number not in self.upset.without_room and (rest := self._shrink(group)) is not None
        ]
        return self._sum_up(sorted(groups, key=lambda group: group.number))

    def _keep_decided(self) -> tuple[Seating, ...]:
        """Groups that HR fixed, which may break rules: they lose only those who dropped out."""
        decided = []
        gone = {self.row[person_id] for person_id in self.gone}
        for group in self.plan.groups:
            seating = self.groups.get(group.number)
            if not group.fixed or seating is None:
                continue
            rest = tuple(person for person in seating.members if person not in gone)
            if len(rest) >= self.problem.size_least or len(rest) == len(seating.members):
                self.groups[group.number] = dataclasses.replace(seating, members=rest)
                decided.append(self.groups[group.number])
        return tuple(decided)

    def _name(self, number: int, seating: Seating, before: Group) -> Group:
        after = make_group(self.frame, seating, number=number)
        same = set(after.member_ids) == set(before.member_ids)
        if same and (after.slot, after.place) == (before.slot, before.place):
            return before
        return dataclasses.replace(after, fixed=before.fixed)

    def _shrink(self, group: Group) -> Group | None:
        """A group that was moved by hand, or has somebody who left the round, without them."""
        coming = [
            (p, zone)
            for p, zone in zip(group.member_ids, _zones_of(group), strict=True)
            if p not in self.upset.dropped and (p in self.row or group.slot.start <= self.now)
        ]
        if len(coming) == len(group.member_ids):
            return group
        if len(coming) < self.problem.size_least:
            return None
        return dataclasses.replace(
            group,
            member_ids=tuple(p for p, _ in coming),
            zones=tuple(zone for _, zone in coming),
        )

    def _sum_up(self, groups: Sequence[Group]) -> Plan:
        seated = {p for group in groups for p in group.member_ids}
        before = {p for group in self.plan.groups for p in group.member_ids}
        left_out = [r for r in self.plan.left_out if r.person_id not in seated]
        listed = {r.person_id for r in left_out}
        for person_id in sorted(before - seated - listed):
            reason = CLOSED if person_id in self.row else GONE
            if person_id in self.upset.dropped:
                reason = CANNOT_COME
            left_out.append(LeftOut(person_id, *reason))
        people = {p.id: p for p in self.frame.people}
        pairs = [
            (people[a], people[b])
            for group in groups
            for a, b in combinations(group.member_ids, 2)
            if a in people and b in people
        ]
        contacts = self.frame.contacts
        return dataclasses.replace(
            self.plan,
            groups=tuple(groups),
            left_out=tuple(left_out),
            placed=len(seated),
            new_ties=sum(group.new_ties for group in groups),
            cross_department_ties=sum(
                a.department != b.department and not contacts.tied(a.id, b.id) for a, b in pairs
            ),
            repeats=sum(pair_of(a.id, b.id) in contacts.met for a, b in pairs),
        )


def _zones_of(group: Group) -> tuple[str, ...]:
    return group.zones or ("UTC",) * len(group.member_ids)


def find_changed_groups(before: Plan, after: Plan) -> tuple[int, ...]:
    """Numbers of groups that differ in members, time or place, or are gone."""
    then = {group.number: group for group in after.groups}
    return tuple(
        group.number
        for group in before.groups
        if (other := then.get(group.number)) is None
        or (set(other.member_ids), other.slot, other.place)
        != (set(group.member_ids), group.slot, group.place)
    )


def find_joined(before: Plan, after: Plan) -> frozenset[str]:
    """People who have a seat now and had none before."""
    return _seated(after) - _seated(before)


def _seated(plan: Plan) -> frozenset[str]:
    return frozenset(p for group in plan.groups for p in group.member_ids)
