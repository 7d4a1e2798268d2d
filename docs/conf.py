"""How the documents become pages: ``make docs`` writes docs/_build/index.html.

Sphinx with MyST (Markdown) and furo: all three released within the year, built without the
internet, and with ``--fail-on-warning`` a broken reference fails the build.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

project = "networking-scheduler"
copyright = "the networking-scheduler authors"  # noqa: A001 -- Sphinx's name for it
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_title = "Networking scheduler"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]

NAVIGATION = {
    "For everybody": [
        "first-lunch",  # ten minutes to the first lunch
        "hr-handbook",
        "employee",
        "works-council",
    ],
    "For IT": ["it-guide", "permissions", "configuration", "scale"],
    "For those who change it": [
        "architecture",
        "decisions",
        "contributing",
        "benchmarks/grouping",
        "benchmarks/graph",
        "benchmarks/pages",
        "study",
        "changelog",
        "security",
    ],
}
"""Pages in the order of the menu; those that do not exist yet are left out."""


def list_pages(_app: Sphinx, page: str, source: list[str]) -> None:
    """Put the menu into the first page."""
    if page != "index":
        return
    here = Path(__file__).parent
    for title, pages in NAVIGATION.items():
        names = [name for name in pages if (here / f"{name}.md").exists()]
        if names:
            lines = "\n".join(names)
            source[0] += f"\n\n```{{toctree}}\n:caption: {title}\n:maxdepth: 1\n\n{lines}\n```\n"


def setup(app: Sphinx) -> None:
    """Tell Sphinx about the menu."""
    app.connect("source-read", list_pages)
