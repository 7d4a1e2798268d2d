"""An Adaptive Card as plain HTML: near enough to Teams to read and to press it."""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from scheduler.sandbox.api.request import Json

_SIZES = {"small": "s", "medium": "m", "large": "l", "extralarge": "xl"}


def render_card(card: Json) -> Markup:
    """Render a card; what is not known is named, never passed on as HTML."""
    parts = [*_render_all(card.get("body")), _render_actions(card.get("actions"))]
    return Markup('<div class="card">{}</div>').format(Markup("").join(parts))


def _render_all(elements: object) -> list[Markup]:
    return (
        [_render(e) for e in elements if isinstance(e, dict)] if isinstance(elements, list) else []
    )


def _render(element: Json) -> Markup:
    if element.get("isVisible") is False:
        return Markup("")
    kind = str(element.get("type", ""))
    if kind.startswith("Input."):
        return _render_input(element)
    known = _KINDS.get(kind)
    if known is None:
        return Markup('<p class="unknown">{}</p>').format(f"[{kind}]")
    return known(element)


def render_markdown(text: str) -> Markup:
    """Render the Markdown that Teams allows in a text: bold, italic, links, lists, line breaks."""
    safe = str(escape(text))
    safe = re.sub(
        r"\[([^\]]+)\]\((https?://[^)\s]+)\)", r'<a rel="noreferrer" href="\2">\1</a>', safe
    )
    safe = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
    safe = re.sub(r"(?<![\w*_])[_*](?!\s)(.+?)(?<!\s)[_*](?![\w*_])", r"<em>\1</em>", safe)
    safe = re.sub(r"(?m)^[-*] (.+)$", r"• \1", safe)
    return Markup(safe.replace("\n", "<br>"))  # noqa: S704 -- escaped first


def _render_text(element: Json) -> Markup:
    words = [_SIZES.get(str(element.get("size", "")).lower(), "")]
    words += ["bold"] * (str(element.get("weight", "")).lower() == "bolder")
    words += ["subtle"] * bool(element.get("isSubtle"))
    words += [f"c-{escape(str(element.get('color', '')).lower())}"] * bool(element.get("color"))
    if str(element.get("style", "")).lower() == "heading":
        words.append("bold")
    text = render_markdown(str(element.get("text", "")))
    return Markup('<p class="{}">{}</p>').format(" ".join(filter(None, words)), text)


def _render_rich_text(element: Json) -> Markup:
    runs = element.get("inlines") or []
    texts = [run if isinstance(run, str) else str(run.get("text", "")) for run in runs]
    return Markup("<p>{}</p>").format("".join(texts))


def _render_facts(element: Json) -> Markup:
    rows = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(
            str(fact.get("title", "")), render_markdown(str(fact.get("value", "")))
        )
        for fact in element.get("facts") or []
    )
    return Markup("<dl>{}</dl>").format(rows)


def _render_container(element: Json) -> Markup:
    style = str(element.get("style", "default")).lower()
    inner = Markup("").join(_render_all(element.get("items")))
    return Markup('<div class="box {}">{}</div>').format(style, inner)


def _render_columns(element: Json) -> Markup:
    columns = Markup("").join(
        Markup('<div class="column {}">{}</div>').format(
            "auto" if column.get("width") == "auto" else "wide",
            Markup("").join(_render_all(column.get("items"))),
        )
        for column in element.get("columns") or []
    )
    return Markup('<div class="columns">{}</div>').format(columns)


def _render_table(element: Json) -> Markup:
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup("<td>{}</td>").format(Markup("").join(_render_all(cell.get("items"))))
                for cell in row.get("cells") or []
            )
        )
        for row in element.get("rows") or []
    )
    return Markup("<table>{}</table>").format(rows)


def _render_image(element: Json) -> Markup:
    return Markup('<p class="unknown">{}</p>').format(str(element.get("altText") or "[image]"))


def _render_action_set(element: Json) -> Markup:
    return _render_actions(element.get("actions"))


_KINDS: dict[str, Callable[[Json], Markup]] = {
    "TextBlock": _render_text,
    "RichTextBlock": _render_rich_text,
    "FactSet": _render_facts,
    "Container": _render_container,
    "ColumnSet": _render_columns,
    "Table": _render_table,
    "Image": _render_image,
    "ActionSet": _render_action_set,
}


def _render_input(element: Json) -> Markup:
    name = f"input-{element.get('id', '')}"
    label = str(element.get("label") or element.get("title") or element.get("placeholder") or "")
    value = str(element.get("value", ""))
    kind = str(element["type"])
    if kind == "Input.ChoiceSet":
        options = Markup("").join(
            Markup("<option value='{}'{}>{}</option>").format(
                str(choice.get("value", "")),
                Markup(" selected") if str(choice.get("value")) == value else "",
                str(choice.get("title", "")),
            )
            for choice in element.get("choices") or []
        )
        field = Markup('<select name="{}"><option value=""></option>{}</select>').format(
            name, options
        )
    elif element.get("isMultiline"):
        field = Markup('<textarea name="{}" rows="3">{}</textarea>').format(name, value)
    else:
        shown = {"Input.Date": "date", "Input.Number": "number", "Input.Toggle": "checkbox"}
        if kind == "Input.Toggle":
            value = str(element.get("valueOn", "true"))
        field = Markup('<input type="{}" name="{}" value="{}">').format(
            shown.get(kind, "text"), name, value
        )
    return Markup("<label>{} {}</label>").format(label, field)


def _render_actions(actions: object) -> Markup:
    if not isinstance(actions, list):
        return Markup("")
    shown = []
    for action in actions:
        title = str(action.get("title", ""))
        match action.get("type"):
            case "Action.OpenUrl":
                url = str(action.get("url", ""))
                safe = url if re.match(r"https?://", url) else "#"
                shown.append(
                    Markup('<a class="button" rel="noreferrer" href="{}">{}</a>').format(
                        safe, title
                    )
                )
            case "Action.Execute" | "Action.Submit":
                shown.append(
                    Markup('<button name="button" value="{}">{}</button>').format(title, title)
                )
            case "Action.ShowCard":
                inner = render_card(action.get("card") or {})
                shown.append(
                    Markup("<details><summary>{}</summary>{}</details>").format(title, inner)
                )
            case _:
                continue
    return Markup('<div class="actions">{}</div>').format(Markup("").join(shown))
