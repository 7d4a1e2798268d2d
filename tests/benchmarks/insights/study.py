"""``make study``: a year of lunches in a real organisation, ours beside others, into docs/study.md.

    python -m tests.benchmarks.insights.study [FOLDER OF THE ORGANISATION]

Every number of the page comes from this run.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import altair as alt
import numpy as np

from scheduler.insights.charts import draw_heat_maps
from scheduler.insights.drawing import (
    OURS,
    PAPER,
    QUIET,
    RANDOM,
    WIDTH,
    Chart,
    chart_of,
    finish_chart,
)

from .organisation import REAL, ROOT, Organisation, invent_lunch_hours, read_organisation
from .ways import (
    FEW_TIES_WEIGHT,
    Way,
    annealed_as_meant,
    annealed_as_shipped,
    best_of_shuffles,
    golfers,
    greedy_with_calendars,
    ours,
    random_groups,
)
from .year import Year, expect_year, figures_of_year, mean_of, play_year

ROUNDS = 26
RANDOM_SEEDS = 20
PAGE = ROOT / "docs" / "study.md"
ENTRANTS: Mapping[str, Way] = {
    "Ours": ours,
    "Greedy with calendars": greedy_with_calendars,
    "Random groups": random_groups,
    "Beans, annealed, as shipped": annealed_as_shipped,
    "Beans, annealed, as meant": annealed_as_meant,
    "Kickstarter, best of 1,000 shuffles": best_of_shuffles,
    "Golfers, squared meetings": golfers,
}
DRAWN_OFTEN = "Random groups"


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Years by name, with calendars ignored and with calendars kept."""

    organisation: Organisation
    free_hours: float
    seeds: int
    ignored: Mapping[str, Year]
    kept: Mapping[str, Year]


def run_study(
    organisation: Organisation,
    *,
    rounds: int = ROUNDS,
    seeds: int = RANDOM_SEEDS,
    entrants: Mapping[str, Way] = ENTRANTS,
) -> Study:
    """Every entrant's year, twice."""
    anytime = np.ones((rounds, organisation.people, 1), np.bool_)
    lunch_hours = invent_lunch_hours(organisation, rounds, seed=2026)
    results: list[dict[str, Year]] = []
    for free in (anytime, lunch_hours):
        years = {}
        for name, way in entrants.items():
            times = seeds if name == DRAWN_OFTEN else 1
            played = [play_year(organisation, free, way, seed) for seed in range(times)]
            years[name] = played[0] if times == 1 else mean_of(played)
            print(f"{name}: done", file=sys.stderr, flush=True)  # noqa: T201 -- a tool that takes minutes
        results.append(years)
    ignored = {**results[0], "Random groups, computed": expect_year(organisation, rounds)}
    return Study(organisation, float(lunch_hours.sum(axis=2).mean()), seeds, ignored, results[1])


def write_study(study: Study, page: Path = PAGE) -> None:
    """The page and, in a folder of its name beside it, its charts."""
    folder = page.parent / page.stem
    folder.mkdir(parents=True, exist_ok=True)
    charts = _draw(study)
    for chart in charts:
        # A page of documents may be dark, and these pictures stand alone on it.
        svg = chart.svg.replace("<svg ", f'<svg style="background:{PAPER}" ', 1)
        (folder / f"{chart.key}.svg").write_text(svg + "\n", encoding="utf-8")
    page.write_text(_write_page(study, charts, folder.name), encoding="utf-8")


def _draw(study: Study) -> list[Chart]:
    charts = [
        _draw_bridges(study.ignored, "bridged-any-time", "calendars ignored"),
        _draw_bridges(study.kept, "bridged-lunch-hours", "calendars kept"),
    ]
    history = study.kept["Ours"].history
    if history is not None:
        network = figures_of_year(history).network
        if network is not None:
            charts += draw_heat_maps(network, 1)
    return charts


def _draw_bridges(years: Mapping[str, Year], key: str, setting: str) -> Chart:
    rows = [
        {"round": number + 1, "pairs": float(pairs), "way": name}
        for name, year in years.items()
        for number, pairs in enumerate(year.bridged)
    ]
    names = list(years)
    chart = (
        chart_of(rows)
        .mark_line(strokeWidth=2.2)
        .encode(
            x=alt.X(
                "round:Q",
                scale=alt.Scale(zero=False, nice=False),
                axis=alt.Axis(title="Round", tickMinStep=1),
            ),
            y=alt.Y("pairs:Q", axis=alt.Axis(title="Department pairs bridged")),
            color=alt.Color(
                "way:N",
                scale=alt.Scale(domain=names, range=_colours(names)),
                legend=alt.Legend(title=None, orient="bottom", columns=3, labelLimit=260),
            ),
            strokeDash=alt.condition(
                alt.datum.way == "Random groups, computed", alt.value([2, 3]), alt.value([1, 0])
            ),
        )
        .properties(width=WIDTH - 60, height=320)
    )
    return finish_chart(
        chart,
        key,
        f"Department pairs without any tie that were bridged, {setting}",
        "One line for each way of making groups; the table beside it has the numbers.",
    )


def _colours(names: Sequence[str]) -> list[str]:
    """Ours and random as everywhere, the others one by one from a row of their own."""
    others = iter((QUIET, "#7b5ea7", "#2f855a", "#b7791f", "#97266d", "#4a5568"))
    return [
        OURS if name == "Ours" else RANDOM if name.startswith("Random") else next(others)
        for name in names
    ]


def _write_page(study: Study, charts: Sequence[Chart], folder: str) -> str:
    organisation = study.organisation
    department = organisation.department
    sizes = np.bincount(department)
    across = int((department[organisation.ties[:, 0]] != department[organisation.ties[:, 1]]).sum())
    count = len(sizes)
    tied = np.zeros((count, count), np.bool_)
    tied[department[organisation.ties[:, 0]], department[organisation.ties[:, 1]]] = True
    unbridged = int((~(tied | tied.T))[np.triu_indices(count, 1)].sum())
    rounds = len(next(iter(study.kept.values())).placed)
    pictures = {chart.key: f"![{chart.title}]({folder}/{chart.key}.svg)\n" for chart in charts}
    about = (
        f"{organisation.people:,} people in {count} departments, {len(organisation.ties):,} ties, "
        f"{across:,} of them across departments. {unbridged} of the {count * (count - 1) // 2:,} "
        f"pairs of departments have no tie at all; to *bridge* such a pair is to make the first. "
        f"{rounds} rounds of lunch for four, a fortnight apart. The organisation is the public "
        "data set email-Eu-core (Stanford Network Analysis Project), in which a tie is an e-mail "
        "written; lunch hours are invented from a seed."
    )
    any_time = (
        "Everybody can meet at any time, so only the choice of groups counts. *Ours* is the "
        "product with three rules: different departments, nobody met within 26 rounds, and few "
        f"ties preferred with weight {FEW_TIES_WEIGHT}. *Random groups* are the mean of "
        f"{study.seeds} runs; *computed* is what they reach on average, worked out without a "
        "draw by the same code that a report uses. The other ways are written from descriptions "
        "of what these products do."
    )
    hours = (
        f"Everybody has {study.free_hours:.1f} of 50 lunch hours free on average. Ways that know "
        "no calendar make their groups first and then take the first hour that all four have; a "
        "group without one does not meet. *Greedy with calendars* sits down whoever has the fewest "
        "hours first. Placed is the share of those who have a free hour at all."
    )
    good = (
        "- *New and across*: of all pairs that sat together, the share of two departments who had "
        "neither met at a lunch nor known each other before."
    )
    lines = [
        "# A year of lunches in a real organisation",
        "",
        about,
        "",
        "This page is written by `make study`; every number on it was measured in that run.",
        "",
        "## Calendars ignored",
        "",
        any_time,
        "",
        *_table(study.ignored, rounds),
        "",
        pictures.get("bridged-any-time", ""),
        "## Calendars kept",
        "",
        hours,
        "",
        *_table(study.kept, rounds),
        "",
        pictures.get("bridged-lunch-hours", ""),
        "## Who has ties to whom",
        "",
        "Our year with calendars kept: before the first round, and after the last.",
        "",
        pictures.get("heat-before", ""),
        pictures.get("heat-after", ""),
        "## How to read the tables",
        "",
        good,
        "- *Met again*: of all pairs that sat together, the share who had met at a lunch before.",
        "- *New ties*: ties across departments that the year made, all in all.",
        "- *Still alone*: people without any tie outside their department after the year.",
        "- *Worst wait*: the most rounds in a row that anybody went without a seat, free or not.",
        "- *Seconds*: the slowest round.",
    ]
    return "\n".join(lines) + "\n"


def _table(years: Mapping[str, Year], rounds: int) -> list[str]:
    marks = [mark for mark in (1, 6, 12, 26) if mark <= rounds]
    head = [
        "way", "placed", "new and across", "met again", "new ties",
        *(f"bridged after {mark}" for mark in marks), "still alone", "worst wait", "seconds",
    ]  # fmt: skip
    rows = [head, ["---"] + ["---:"] * (len(head) - 1)]
    for name, year in years.items():
        pairs = max(1.0, float(year.pairs.sum()))
        rows.append(
            [
                f"**{name}**" if name == "Ours" else name,
                f"{year.placed.sum() / year.could.sum():.1%}",
                f"{year.good.sum() / pairs:.1%}",
                f"{year.again.sum() / pairs:.1%}",
                f"{year.good.sum():,.0f}",
                *(f"{year.bridged[mark - 1]:.0f}" for mark in marks),
                f"{year.alone:.1f}".removesuffix(".0"),
                "–" if np.isnan(year.worst_wait) else f"{year.worst_wait:.0f}",
                f"{year.seconds:.1f}" if year.seconds else "–",
            ]
        )
    return ["| " + " | ".join(row) + " |" for row in rows]


def main() -> None:
    """Run everything on the organisation in the folder named, or the real one."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL
    if not (folder / "people.csv").exists():
        sys.exit(f"{folder} has no people.csv. Name a folder with people.csv and ties.csv.")
    write_study(run_study(read_organisation(folder)))
    print(f"Written: {PAGE.relative_to(ROOT)}")  # noqa: T201 -- the tool's result


if __name__ == "__main__":
    main()
