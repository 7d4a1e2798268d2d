"""Tables and a chart from measured cases."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from statistics import median


def tabulate(head: list[str], rows: list[list[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def show_rounds(results: list[dict]) -> str:
    """One table for all cases: median and, where there are several seeds, the worst."""
    cases = defaultdict(list)
    bounds = {}
    for row in results:
        cases[row["people"], row["slack"], row["entrant"]].append(row)
        if "placed_bound" in row:
            bounds[row["people"], row["slack"], row["seed"]] = row["placed_bound"]
    rows = []
    for (people, slack, entrant), some in sorted(cases.items(), key=lambda c: (c[0][0], -c[0][1])):
        shares = [r["placed"] / bounds[people, slack, r["seed"]] for r in some]
        gap = [
            (r["value_bound"] - r["value"]) / abs(r["value_bound"]) for r in some if "value" in r
        ]
        rows.append(
            [
                f"{people:,}", slack, entrant,
                f"{median(shares):.2%}", f"{min(shares):.2%}",
                f"{median(r['new'] for r in some):,.0f}",
                f"{median(r['repeats'] + r['same'] - r['forced'] for r in some):,.0f}",
                f"{median(r['bridges'] for r in some):,.0f}",
                f"{median(r['quota'] for r in some):.1%}",
                f"{median(gap):.2%}" if gap else "",
                f"{median(r['cpu_seconds'] for r in some):,.1f}",
                f"{median(r['wall_seconds'] for r in some):,.1f}",
                f"{max(r['peak_mb'] for r in some):,}",
            ]
        )  # fmt: skip
    head = [
        "people", "slack", "method", "placed of bound", "worst seed", "new cross-team ties",
        "bad pairs beyond the forced", "team pairs reached", "quota kept", "value gap",
        "CPU s", "wall s", "peak MB",
    ]  # fmt: skip
    return tabulate(head, rows)


def draw_placed(results: list[dict], people: int, slack: float) -> str:
    """Bars of people placed, as a drawing of lines and words (SVG)."""
    bound = {
        r["seed"]: r["placed_bound"] for r in results if _is(r, people, slack) and "value" in r
    }
    shares = defaultdict(list)
    for row in results:
        if _is(row, people, slack):
            shares[row["entrant"]].append(row["placed"] / bound[row["seed"]])
    bars = sorted(((median(s), name) for name, s in shares.items()), reverse=True)
    height = 44 + 26 * len(bars)
    title = f"People placed of the most possible: {people:,} people, room slack {slack}"
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" role="img" '
            f'font-family="sans-serif" font-size="13"><title>{escape(title)}</title>'
            f'<rect width="760" height="{height}" fill="white"/>'
            f'<text x="10" y="22" font-size="15" font-weight="bold">{escape(title)}</text>'
        )
    ]
    for index, (share, name) in enumerate(bars):
        top = 38 + 26 * index
        colour = "#0b6a5f" if name == "ours" else "#9aa7b1"
        parts.append(
            f'<text x="290" y="{top + 14}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="300" y="{top}" width="{380 * share:.1f}" height="18" fill="{colour}"/>'
            f'<text x="{306 + 380 * share:.1f}" y="{top + 14}">{share:.1%}</text>'
        )
    return "".join(parts) + "</svg>\n"


def _is(row: dict, people: int, slack: float) -> bool:
    return row["people"] == people and row["slack"] == slack
