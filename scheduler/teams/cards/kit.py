"""What cards are made of: elements that read well in Teams, and buttons that are signed.

Names, notes and what else people write go into rich text, where Teams reads no markdown
(TextRun: "Markdown is not supported"). Only headings are text blocks, because these alone can
be headings for a screen reader; in them the marks of markdown are escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from microsoft_teams.cards.core import (
    Action,
    AdaptiveCard,
    CardElement,
    Choice,
    ChoiceSetInput,
    Container,
    ExecuteAction,
    OpenUrlAction,
    RichTextBlock,
    ShowCardAction,
    SubmitAction,
    TextBlock,
    TextInput,
    TextRun,
    ToggleVisibilityAction,
)

from scheduler.teams.signing import FIELD, Signer
from scheduler.teams.signing import Action as SignedAction
from scheduler.texts.catalogue import Texts

VERSION = "1.5"
"""What Teams needs for universal actions (Adaptive Cards in Teams, "Universal Actions")."""

LIMIT_BYTES = 20_000
"""A bot's message may have 40 KB, a Workflows post 28,672 bytes counted on the server, which
counts about a fifth more than was sent (msteams-docs issue 11274)."""


LONG_WORD = 30
"""Letters that fit a line of a card on the narrowest phones."""


class CardTooLargeError(Exception):
    """A card would be refused by Teams; names or agenda are far longer than anybody reads."""


@dataclass(frozen=True, slots=True)
class Card:
    """An Adaptive Card as Teams takes it, and the one sentence that a notification shows."""

    content: Mapping[str, Any]
    summary: str

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(json.dumps(self.content, ensure_ascii=False).encode())


@dataclass(frozen=True, slots=True)
class Buttons:
    """Makes the buttons of one card: signed, and bound to a subject and a person.

    Attributes:
        signer: Signs.
        subject: The round's id or the programme's name.
        person_id: Whose card it is; None for a channel.
        about: What the press is about besides: a group's number, a note's id.
    """

    signer: Signer
    subject: str
    person_id: str | None
    about: str | None = None

    def data(self, verb: str) -> dict[str, str]:
        """What a button sends back besides what was filled in."""
        action = SignedAction(verb, self.subject, self.person_id, self.about)
        return {FIELD: self.signer.sign(action)}

    def press(
        self,
        verb: str,
        title: str,
        *,
        style: Literal["default", "positive", "destructive"] = "default",
        inputs: bool = True,
    ) -> ExecuteAction:
        """A universal action; where a client knows none, the old kind does the same.

        Args:
            verb: What is asked.
            title: What stands on the button.
            style: How the button looks.
            inputs: Whether what was filled in is sent along.
        """
        data = self.data(verb)
        sent = "auto" if inputs else "none"
        return ExecuteAction(
            title=title,
            verb=verb,
            data=data,
            style=style,
            associated_inputs=sent,
            fallback=SubmitAction(title=title, data=data, style=style, associated_inputs=sent),
        )


def make_card(
    body: Sequence[CardElement],
    actions: Sequence[Action] = (),
    *,
    texts: Texts,
    summary: str,
) -> Card:
    """A card in a language; ``summary`` is also what clients say that can show no card.

    Raises:
        CardTooLargeError: The card is larger than Teams takes.
    """
    card = AdaptiveCard(
        version=VERSION,
        lang=texts.language,
        body=list(body),
        actions=list(actions) or None,
        fallback_text=summary,
        speak=summary,
    )
    made = Card(card.model_dump(by_alias=True, exclude_none=True), summary)
    if made.size > LIMIT_BYTES:
        raise CardTooLargeError(f"{summary!r} has {made.size} bytes, {LIMIT_BYTES} are the most")
    return made


def heading(text: str) -> TextBlock:
    """What the card is about."""
    return TextBlock(
        text=escape_markdown(text), style="heading", size="Large", weight="Bolder", wrap=True
    )


def section(text: str) -> TextBlock:
    """What the next elements are about."""
    return TextBlock(
        text=escape_markdown(text),
        style="heading",
        size="Medium",
        weight="Bolder",
        wrap=True,
        spacing="Large",
    )


def words(*runs: TextRun | str, spacing: str = "Default") -> RichTextBlock:
    """A paragraph in which nothing is read as markdown."""
    inlines = [TextRun(text=run) if isinstance(run, str) else run for run in runs]
    for run in inlines:
        run.text = break_long_words(run.text or "")
    return RichTextBlock(inlines=inlines, spacing=spacing)


def strong(text: str) -> TextRun:
    """Words that stand out."""
    return TextRun(text=text, weight="Bolder")


def quiet(text: str) -> TextRun:
    """Words that stand back."""
    return TextRun(text=text, is_subtle=True)


def quote(text: str) -> TextRun:
    """Words that somebody wrote about themselves, or to themselves."""
    return TextRun(text=text, italic=True)


def frame(*elements: CardElement) -> Container:
    """Elements set apart from the rest."""
    return Container(items=list(elements), style="emphasis", bleed=False, spacing="Medium")


def hidden(key: str, *elements: CardElement) -> Container:
    """Elements that a button with the same key shows and hides."""
    return Container(id=key, is_visible=False, items=list(elements), spacing="Medium")


def shows(title: str, *keys: str) -> ToggleVisibilityAction:
    """A button that shows and hides what has one of the keys."""
    return ToggleVisibilityAction(title=title, target_elements=list(keys))


def opens(title: str, url: str) -> OpenUrlAction:
    """A button that opens a page."""
    return OpenUrlAction(title=title, url=url)


def unfolds(title: str, body: Sequence[CardElement], actions: Sequence[Action]) -> ShowCardAction:
    """A button that shows a small form below the card."""
    return ShowCardAction(
        title=title,
        card=AdaptiveCard(version=VERSION, body=list(body), actions=list(actions)),
    )


def choice(
    key: str,
    label: str,
    options: Sequence[tuple[str, str]],
    *,
    value: str | None = None,
    many: bool = False,
    expanded: bool = True,
    required: str | None = None,
) -> ChoiceSetInput:
    """A question with answers to choose from; ``options`` are (value, what it says).

    ``required`` is what is said when nothing was chosen; without it nothing has to be.
    """
    return ChoiceSetInput(
        id=key,
        label=label,
        choices=[Choice(title=title, value=option) for option, title in options],
        value=value,
        style="expanded" if expanded else "compact",
        is_multi_select=many or None,
        wrap=True,
        is_required=True if required else None,
        error_message=required,
    )


def entry(
    key: str,
    label: str,
    *,
    placeholder: str | None = None,
    value: str | None = None,
    most: int = 500,
    lines: bool = True,
    required: str | None = None,
) -> TextInput:
    """A question that is answered in one's own words, with at most ``most`` characters."""
    return TextInput(
        id=key,
        label=label,
        placeholder=placeholder,
        value=value,
        max_length=most,
        is_multiline=lines or None,
        is_required=True if required else None,
        error_message=required,
    )


def break_long_words(text: str) -> str:
    """Text that fits a narrow chat: rich text breaks only where a word ends, so very long words
    get places at which they may break. Addresses are left whole, or they could not be copied.
    """
    return re.sub(
        rf"(?<!\S)(?!https?:)\S{{{LONG_WORD + 1},}}",
        lambda word: "\u200b".join(re.findall(rf".{{1,{LONG_WORD}}}", word[0])),
        text,
    )


def escape_markdown(text: str) -> str:
    r"""Text whose ``*``, ``_``, ``[`` and the like are letters; line breaks become spaces."""
    return re.sub(r"([\\`*_\[\]()#<>~|!{}])", r"\\\1", " ".join(text.split()))
