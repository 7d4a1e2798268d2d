"""A report in sentences that need no explanation."""

from __future__ import annotations

from scheduler.insights.figures import Figures
from scheduler.insights.network import Network
from scheduler.insights.newcomers import HORIZONS


def tell_figures(figures: Figures) -> list[str]:
    """The figures in words, the most important first."""
    total, network = figures.total, figures.network
    made = (
        f"{total.people:,} people sat down together in {_many(total.rounds, 'round')} and made "
        f"{_many(total.new, 'new tie')}, {total.new_across:,} of them across departments."
    )
    told = [made]
    if total.random_new_across is not None:
        told.append(
            "Random groups of the same people would have made about "
            f"{total.random_new_across:,.0f} across departments"
            f"{_compare(total.new_across, total.random_new_across)}."
        )
    if total.random_again is not None:
        met = "Nobody met again whom they had met" if total.again == 0 else (
            f"{_many(total.again, 'time')} two people met again who had met"
        )  # fmt: skip
        told.append(
            f"{met} through a programme before; random groups would have had about "
            f"{total.random_again:,.0f} such meetings."
        )
    if network is not None:
        told += _tell_network(network)
    for arrivals in figures.arrivals:
        contacts = ", ".join(
            f"{value:.1f} after {days} days"
            for value, days in zip(arrivals.contacts, HORIZONS, strict=True)
        )
        told.append(
            f"{arrivals.name}: {arrivals.people:,} people met, on average, {contacts} "
            "through the programmes."
        )
    told += [
        f"{f.name}: {f.met_rate:.0%} of {f.answered:,} answers say that they met"
        f"{'' if f.mood is None else f', and {f.mood:.0%} would do it again'}.".replace(
            "%", "\u202f%"
        )
        for f in figures.answers
    ]
    if figures.sharing is not None:
        s = figures.sharing
        told.append(
            f"{s.placed:.0%} of all requests for a seat got one".replace("%", "\u202f%")
            + (
                ""
                if not s.longest
                else f"; {figures.floor} people or more waited {_many(s.longest, 'round')} in a row"
            )
            + "."
        )
    return told


def _tell_network(network: Network) -> list[str]:
    reach, alone, distance = network.reach, network.alone, network.distance
    pairs = (
        f"{reach.after:,.0f} of {network.possible:,} pairs of departments now have a tie; before "
        f"it was {reach.before:,.0f}, and after random groups it would be about "
        f"{reach.random:,.0f}."
    )
    told = [pairs]
    if alone.before is not None and alone.after is not None:
        now = f"{alone.after:,.0f} people have no tie" if alone.after else "Everybody has a tie"
        told.append(
            f"{now} outside their department; {alone.before:,.0f} people had none before, and "
            f"after random groups it would be about {alone.random:,.0f}."
        )
    if network.ei.before is not None and network.ei.after is not None:
        told.append(
            f"{(1 + network.ei.after) / 2:.0%} of all ties go to another department; before it "
            f"was {(1 + network.ei.before) / 2:.0%}.".replace("%", "\u202f%")
        )
    if distance.before is not None and distance.after is not None:
        told.append(
            f"From one department to another it takes {distance.after:.2f} steps on average; "
            f"before it was {distance.before:.2f}."
        )
    return told


def _compare(ours: float, random: float) -> str:
    if random < 1 or round(ours) == round(random):
        return ""
    share = f"{abs(ours - random) / random:.1%}".replace("%", "\u202f%")
    return f"; ours made {share} {'more' if ours > random else 'fewer'}"


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
