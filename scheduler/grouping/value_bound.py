"""An upper bound on what a cohort's groups can be worth, that does not come from the search.

An integer programme over what a plan looks like from afar, in which every real plan is a point:
how many people of each class sit in groups of each size. Ties are bounded by person there: the
best that each could have. A linear programme bounds them by kinds of people besides: what is worth
most with everybody is worth it only as often as it has people. The lower of the two holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.grouping.bounds import count_sittings
from scheduler.grouping.encoding import Board, find_able
from scheduler.grouping.problem import Bools, Ints
from scheduler.grouping.rule_codes import AT_MOST, AT_MOST_OF_ONE, SAME, list_asked

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

MANY_KINDS = 200
"""With more kinds of people, their pairs are too many for the linear programme."""
NEVER = -(1 << 40)
"""The ties of somebody in a group of a size for which there are not enough others."""
WORK = 2.0
"""CP-SAT's own measure of work for the integer programme, about as many seconds."""
MARGIN = 1e-3
"""The linear programme is solved in floating point: so far may its optimum be off, in points."""

Model = Any
"""A model of OR-Tools, over whole numbers or over real ones; both are built alike."""
Sizes = Mapping[int, Any]
"""By group size: how many groups of it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """At most ``count`` of those in ``who`` in a group, or at least so many.

    ``who`` and ``when`` (those who bring ``at_least`` about; ``None``: everybody) are masks over
    people, or over classes of them.
    """

    weight: int
    count: int
    who: Bools
    at_least: bool = False
    when: Bools | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """A cohort from afar: classes ``c`` of people who look alike, so many of each.

    ``best[c, k]``: the most that the ties of one of them in a group of ``k`` can be worth;
    ``extra[c, k]``: how much more than the departments say; ``counted``: rules over the classes;
    ``kind``: see :func:`_find_kinds`.
    """

    count: Ints
    best: Ints
    extra: Ints
    counted: list[_Counted]
    department: Ints
    kind: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Programme:
    """``n[k]`` groups of ``k`` people, ``y[c][k]`` people of class ``c`` in groups of ``k``."""

    model: Model
    new: Callable[[int, int, str], Any]
    board: Board
    view: _View
    n: Sizes
    y: list[dict[int, Any]]

    def count(self, classes: Bools, k: int) -> Any:
        """People of some classes in the groups of ``k``."""
        return sum(self.y[c][k] for c in np.flatnonzero(classes).tolist())


def bound_value(board: Board, load: Ints, found: int, placed: int) -> int:
    """The most that the groups of a cohort can be worth.

    Args:
        board: The cohort.
        load: Tables taken by fixed groups.
        found: People placed by some plan: the best plans place no fewer.
        placed: The bound on the people placed.
    """
    from ortools.linear_solver.python import model_builder  # noqa: PLC0415 -- slow import
    from ortools.sat.python import cp_model  # noqa: PLC0415 -- slow import

    def write(model: Model, new: Callable[[int, int, str], Any], view: _View) -> _Programme:
        return _write(model, new, board, load, (found, placed), view)

    def solve_by_person(model: Model, new: Callable[[int, int, str], Any]) -> None:
        programme = write(model, new, by_person)
        model.maximize(_bound_by_person(programme) + _bound_rest(programme))

    best, extra = _find_best_ties(board)
    by_person = _look_from_afar(board, best, 0 * extra, np.zeros(len(best), np.int64))
    whole = cp_model.CpModel()
    solve_by_person(whole, whole.new_int_var)
    bound: float = _solve_whole(whole)
    if bound == np.inf:
        real: Model = model_builder.Model()  # type: ignore[no-untyped-call]
        solve_by_person(real, real.new_num_var)
        bound = _solve_real(real)
    kind = _find_kinds(board)
    if 1 < kind.max(initial=0) + 1 <= MANY_KINDS:
        real = model_builder.Model()  # type: ignore[no-untyped-call]
        view = _look_from_afar(board, 0 * best + np.minimum(best, 0), extra, kind)
        programme = write(real, real.new_num_var, view)
        real.maximize(_bound_by_kind(programme, kind) + _bound_rest(programme))
        bound = min(bound, _solve_real(real))
    return int(min(bound, _bound_each(board, best, placed)) // 2)


def _look_from_afar(board: Board, best: Ints, extra: Ints, kind: Ints) -> _View:
    """Put people who look alike together."""
    counted = _find_counted(board)
    masks = [mask for rule in counted for mask in (rule.who, rule.when) if mask is not None]
    columns = [best, extra, *masks, board.person["department"], kind]
    classes, count = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    width = best.shape[1]
    by_class = iter(classes[:, 2 * width : -2].T > 0)
    return _View(
        count=count,
        best=classes[:, :width],
        extra=classes[:, width : 2 * width],
        counted=[
            replace(
                rule,
                who=next(by_class),
                when=None if rule.when is None else next(by_class),
            )
            for rule in counted
        ],
        department=classes[:, -2],
        kind=classes[:, -1],
    )


def _write(
    model: Model,
    new: Callable[[int, int, str], Any],
    board: Board,
    load: Ints,
    placed: tuple[int, int],
    view: _View,
) -> _Programme:
    """Sizes, seats and sittings: groups of ``k`` or more need sittings with ``k`` seats."""
    least, most = int(board.fixed["least"][0]), int(board.fixed["most"][0])
    sizes = range(least, most + 1)
    people = len(board.person)
    n = {k: new(0, people // k, "") for k in sizes}
    y = [
        {k: new(0, int(count) if row[k] > NEVER // 2 else 0, "") for k in sizes}
        for row, count in zip(view.best, view.count, strict=True)
    ]
    for row, count in zip(y, view.count, strict=True):
        model.add(sum(row.values()) <= int(count))
    in_window, _ = count_sittings(board, load)
    for k in sizes:
        model.add(sum(row[k] for row in y) == k * n[k])
        sittings = int(in_window[board.venue["seats"] >= k].sum())
        model.add(sum(n[j] for j in sizes if j >= k) <= sittings)
    seated = sum(k * n[k] for k in sizes)
    model.add(seated >= placed[0])
    model.add(seated <= placed[1])
    return _Programme(model, new, board, view, n, y)


def _bound_rest(programme: _Programme) -> Any:
    """Twice what sizes are worth, less what rules cost."""
    points = programme.board.size["points"]
    rest = sum(2 * int(points[k]) * n for k, n in programme.n.items())
    for rule in programme.view.counted:
        rest -= _add_rule(programme, rule)
    return rest


def _bound_by_person(programme: _Programme) -> Any:
    """Twice what ties can be worth: each has the best there are, and has them at both ends.

    Pairs within a department take the place of better ties. With ``G`` groups, its ``m`` people
    make at least ``j m - G j (j + 1) / 2`` pairs among themselves, for every ``j``: spread evenly
    they make fewest, and that number is convex.
    """
    view, board = programme.view, programme.board
    value = sum(
        int(view.best[c, k]) * n for c, row in enumerate(programme.y) for k, n in row.items()
    )
    most = int(board.fixed["most"][0])
    groups = sum(programme.n.values())
    for d, (price, within, inside) in _find_home_losses(board).items():
        members = sum(programme.count(view.department == d, k) for k in programme.n)
        pairs = programme.new(0, within * most, "")
        for j in range(1, most):
            programme.model.add(pairs >= j * members - groups * (j * (j + 1) // 2) - inside)
        value -= 2 * price * pairs
    return value


def _bound_by_kind(programme: _Programme, kind: Ints) -> Any:
    """Twice what ties can be worth: as departments say, and what wishes add to that.

    ``t[a, b]`` people of kind ``a`` meet one of kind ``b``, where such a pair may meet at all.
    Somebody in a group of ``k`` is in ``k - 1`` pairs, so the people of a kind are in as many
    pairs as that comes to.
    """
    board, view = programme.board, programme.view
    first, count = np.unique(kind, return_index=True, return_counts=True)[1:]
    department = board.person["department"][first]
    met: list[list[Any]] = [[] for _ in first]
    value = sum(
        int(view.extra[c, k]) * n for c, row in enumerate(programme.y) for k, n in row.items()
    )
    for a, b in np.argwhere(np.triu(_find_kinds_that_meet(board, kind, first))).tolist():
        pairs = int(count[a] * count[b] if a < b else count[a] * (count[a] - 1) // 2)
        tie = programme.new(0, pairs, "")
        met[a].append(tie)
        met[b].append(tie)
        value += 2 * int(board.between[department[a], department[b]]) * tie
    for a, ties in enumerate(met):
        seats = sum((k - 1) * programme.count(view.kind == a, k) for k in programme.n)
        programme.model.add(sum(ties) == seats)
    return value


def _find_kinds(board: Board) -> Ints:
    """Numbers of people alike: of one department, and of one code in each hard rule on codes.

    Only the department where that makes too many kinds.
    """
    hard = (board.rule["weight"] < 0) & np.isin(board.rule["kind"], [AT_MOST_OF_ONE, SAME])
    department = board.person["department"]
    keyed = np.column_stack([department, board.code[:, hard]])
    kinds, kind = np.unique(keyed, axis=0, return_inverse=True)
    if len(kinds) > MANY_KINDS:
        kind = np.unique(department, return_inverse=True)[1]
    return kind.reshape(-1).astype(np.int64)


def _find_kinds_that_meet(board: Board, kind: Ints, first: Ints) -> Bools:
    """Whether a pair of two kinds can be free in one slot and keep the rules on codes."""
    free = np.zeros((len(first), len(board.slot)), bool)
    np.logical_or.at(free, kind, board.available[board.person["unit"]])
    may: Bools = free.astype(np.float32) @ free.T.astype(np.float32) > 0
    uniform = [
        r
        for r in np.flatnonzero(board.rule["weight"] < 0).tolist()
        if (board.code[first[kind], r] == board.code[:, r]).all()
    ]
    return may & _keep_codes(board, first[:, None], first[None, :], uniform)


def _keep_codes(board: Board, one: Ints, other: Ints, rules: Sequence[int] | None = None) -> Bools:
    """Whether pairs of people keep the hard rules on codes, by which they differ or are alike.

    ``rules``: the numbers of those that are looked at, all if ``None``.
    """
    keep = np.ones(np.broadcast_shapes(one.shape, other.shape), np.bool_)
    hard = np.flatnonzero(board.rule["weight"] < 0).tolist()
    for r in hard if rules is None else rules:
        rule, code = board.rule[r], board.code[:, r]
        equal = code[one] == code[other]
        if rule["kind"] == AT_MOST_OF_ONE and rule["most"] == 1:
            keep &= ~(equal & (code[one] >= 0))
        elif rule["kind"] == SAME:
            keep &= equal
    return keep


def _find_counted(board: Board) -> list[_Counted]:
    """Rules by which people of a kind are counted.

    Only kinds of which there are more than that many groups could hold without ado, or for
    ``AtLeast`` fewer than could be asked for: the others say nothing.
    """
    people = len(board.person)
    groups = people // int(board.fixed["most"][0])
    counted = []
    for r, rule in enumerate(board.rule):
        code, most, weight = board.code[:, r], int(rule["most"]), int(rule["weight"])
        if rule["kind"] == AT_MOST_OF_ONE:
            codes, counts = np.unique(code[code >= 0], return_counts=True)
            crowded = codes[counts > most * groups]
            counted += [_Counted(weight, most, code == c) for c in crowded.tolist()]
        elif rule["kind"] == AT_MOST and (code & 1).sum() > most * groups:
            counted.append(_Counted(weight, most, (code & 1) > 0))
    groups = people // max(1, int(board.fixed["least"][0]))
    for asked in list_asked(board):
        asking = groups if asked.when is None else min(groups, int(asked.when.sum()))
        if asked.who.sum() < asked.least * asking:
            counted.append(_Counted(asked.weight, asked.least, asked.who, True, asked.when))
    return counted


def _add_rule(programme: _Programme, rule: _Counted) -> Any:
    """Add what a rule forbids, or return twice what it costs, over the groups of each size.

    At most ``m`` in a group are at most ``m n[k]`` in the groups of ``k``. Groups of ``k`` with
    one of those who bring an ``AtLeast`` about are at least a ``k``-th of their number.
    """
    loss = 0
    for k, n in programme.n.items():
        who, scale = programme.count(rule.who, k), 1
        if not rule.at_least:
            excess = who - rule.count * n
        else:
            asking = k * n if rule.when is None else programme.count(rule.when, k)
            excess, scale = rule.count * asking - k * who, k
        if rule.weight < 0:
            programme.model.add(excess <= 0)
        else:
            cost = programme.new(0, len(programme.board.person) * max(1, rule.count), "")
            programme.model.add(scale * cost >= excess)
            loss += 2 * rule.weight * cost
    return loss


def _solve_whole(model: cp_model.CpModel) -> float:
    """The best bound that fixed work on one core proves; infinite where it proves none."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 -- slow import

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    # Else the solver would take Ctrl-C for itself, and never give it back.
    solver.parameters.catch_sigint_signal = False
    solver.parameters.max_deterministic_time = WORK
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return np.inf  # stopped before it had looked at all of it, it says 0, which is no bound
    return int(np.floor(solver.best_objective_bound + 1e-6))


def _solve_real(model: Model) -> float:
    """The optimum, or no bound at all."""
    from ortools.linear_solver.python import model_builder  # noqa: PLC0415 -- slow import

    solver = model_builder.Solver("GLOP")
    if solver.solve(model) != model_builder.SolveStatus.OPTIMAL:
        return np.inf
    return float(solver.objective_value + MARGIN)


def _bound_each(board: Board, best: Ints, placed: int) -> int:
    """Twice what ties and sizes can be worth, if everybody had the best there is for them."""
    least, most = int(board.fixed["least"][0]), int(board.fixed["most"][0])
    size = np.arange(least, most + 1)
    # Twice the points of a group of ``k``, shared by its members, rounded up.
    share = -(-2 * board.size["points"][size] // size)
    each = np.sort((best[:, size] + share).max(axis=1))[::-1]
    return int(np.maximum(each[:placed], 0).sum())


def _find_best_ties(board: Board) -> tuple[Ints, Ints]:
    """What the ties of a person in a group of ``k`` can be worth at most, shape ``(p, most + 1)``.

    Returns:
        The worth of the ``k - 1`` best (their own unit's ties as they are), and how much that many
        ties can be worth more than the departments say. Each tie counts at both ends.
    """
    most = int(board.fixed["most"][0])
    people = len(board.person)
    department = board.person["department"]
    count = np.bincount(department, minlength=board.between.shape[0])
    width = most - 1
    # The best partners by department, as if none of the single pairs were known.
    top = np.full((board.between.shape[0], width), NEVER, np.int64)
    for d in np.flatnonzero(count).tolist():
        others = count.copy()
        others[d] -= 1
        order = np.argsort(-board.between[d], kind="stable")
        order = order[others[order] > 0]
        values = np.repeat(board.between[d][order], np.minimum(others[order], width))[:width]
        top[d, : len(values)] = values
    result = np.zeros((people, most + 1), np.int64)
    values = top[department]
    reach = np.concatenate([np.zeros((people, 1), np.int64), np.cumsum(values, axis=1)], axis=1)
    result[:, 1:] = np.maximum(reach, NEVER)
    above = np.zeros_like(result)
    owner, points, more = _find_wishes(board)
    who, begin = np.unique(owner, return_index=True)
    ends = np.append(begin, len(owner))[1:]
    for p, one, other in zip(who.tolist(), begin, ends, strict=True):
        row = np.cumsum(np.sort(more[one:other])[::-1][:width])
        above[p, 2 : len(row) + 2] = row
        above[p, len(row) + 2 :] = row[-1:]
        row = np.sort(np.concatenate([values[p], points[one:other]]))[::-1][:width]
        result[p, 1:] = np.maximum(np.concatenate([[0], np.cumsum(row)]), NEVER)
    for unit in board.unit[board.unit["size"] > 1]:
        first, size = int(unit["first"]), int(unit["size"])
        for p in range(first, first + size):
            inside = sum(look_up(board, p, q) for q in range(first, first + size) if q != p)
            result[p, size:] = inside + result[p, 1 : most + 2 - size]
    result[~find_able(board), 1:] = NEVER
    return result, above


def _find_wishes(board: Board) -> tuple[Ints, Ints, Ints]:
    """Pairs that are worth more than their departments say and that may meet, from both ends.

    Returns:
        Whose they are, ascending; what they are worth; how much more that is.
    """
    owner = np.repeat(np.arange(len(board.person)), board.person["last"] - board.person["first"])
    other, points = board.partner["other"], board.partner["points"]
    department, unit = board.person["department"], board.person["unit"]
    more = points - board.between[department[owner], department[other]]
    at = np.flatnonzero(more > 0)
    owner, other = owner[at], other[at]
    may = (board.available[unit[owner]] & board.available[unit[other]]).any(axis=1)
    may &= _keep_codes(board, owner, other)
    return owner[may], points[at][may], more[at][may]


def _find_home_losses(board: Board) -> dict[int, tuple[int, int, int]]:
    """What a pair of one department costs at each end, where there must be such pairs.

    Returns:
        By department: the least that a tie among the best is worth more than the best tie within
        the department, its people, and its pairs that are bound together anyhow.
    """
    department = board.person["department"]
    count = np.bincount(department, minlength=board.between.shape[0])
    width = int(board.fixed["most"][0]) - 1
    owner = np.repeat(np.arange(len(department)), board.person["last"] - board.person["first"])
    same = department[owner] == department[board.partner["other"]]
    home = np.array(np.diagonal(board.between))
    np.maximum.at(home, department[owner[same]], board.partner["points"][same])
    inside = np.zeros(len(count), np.int64)
    for unit in board.unit[board.unit["size"] > 1]:
        members = department[int(unit["first"]) : int(unit["first"] + unit["size"])]
        for d, times in zip(*np.unique(members, return_counts=True), strict=True):
            inside[d] += times * (times - 1) // 2
    losses = {}
    # A department of no more people than there are groups at least can always be spread out.
    fewest = len(department) // int(board.fixed["most"][0])
    for d in np.flatnonzero(count > max(1, fewest)).tolist():
        others = count.copy()
        others[d] -= 1
        order = np.argsort(-board.between[d], kind="stable")
        order = order[others[order] > 0]
        values = np.repeat(board.between[d][order], np.minimum(others[order], width))[:width]
        if len(values) == width and values[-1] > home[d]:
            losses[d] = (int(values[-1] - home[d]), int(count[d]), int(inside[d]))
    return losses


def look_up(board: Board, p: int, q: int) -> int:
    """The points of one pair."""
    first, last = int(board.person["first"][p]), int(board.person["last"][p])
    at = first + int(np.searchsorted(board.partner["other"][first:last], q))
    if at < last and board.partner["other"][at] == q:
        return int(board.partner["points"][at])
    departments = board.person["department"]
    return int(board.between[departments[p], departments[q]])
