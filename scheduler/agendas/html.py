"""An agenda as the body of an Outlook invitation."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from scheduler.agendas.agenda import Agenda


def agenda_html(agenda: Agenda) -> str:
    """The agenda as HTML that Outlook keeps: inline styles, nothing loaded, every text escaped."""
    return _template().render(agenda=agenda)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("scheduler", "agendas"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("agenda.html.j2")
