"""Draws a card with Microsoft's own renderer in Chromium, and looks for what is wrong with it.

The host configuration is close to what Teams uses in its two themes: what a card's elements look
like is the host's, what they say and whether it fits is ours.
"""

# ruff: noqa: E501 -- scripts for the browser read better unbroken
from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MODULES = Path(__file__).parent.parent / "node_modules"
RENDERER = MODULES / "adaptivecards/dist/adaptivecards.min.js"
MARKDOWN = MODULES / "markdown-it/dist/markdown-it.min.js"

_LIGHT = {
    "page": "#f5f5f5", "card": "#ffffff", "emphasis": "#f0f0f0", "text": "#242424",
    "subtle": "#616161", "accent": "#5b5fc7", "line": "#d1d1d1", "good": "#237b4b", "bad": "#c4314b",
}  # fmt: skip
_DARK = {
    "page": "#1f1f1f", "card": "#292929", "emphasis": "#3d3d3d", "text": "#ffffff",
    "subtle": "#adadad", "accent": "#9299f7", "line": "#525252", "good": "#92c353", "bad": "#f1707b",
}  # fmt: skip
THEMES = {"light": _LIGHT, "dark": _DARK}


def host_config(theme: Mapping[str, str]) -> dict[str, Any]:
    def container(background: str) -> dict[str, Any]:
        tone = {"default": theme["text"], "subtle": theme["subtle"]}
        return {
            "backgroundColor": background,
            "foregroundColors": {
                "default": tone,
                "accent": {"default": theme["accent"], "subtle": theme["accent"]},
                "good": {"default": theme["good"], "subtle": theme["good"]},
                "attention": {"default": theme["bad"], "subtle": theme["bad"]},
            },
        }

    return {
        "fontFamily": "'Segoe UI', 'Noto Sans', system-ui, sans-serif",
        "fontSizes": {"small": 12, "default": 14, "medium": 16, "large": 18, "extraLarge": 24},
        "fontWeights": {"lighter": 200, "default": 400, "bolder": 600},
        "lineHeights": {"small": 16, "default": 20, "medium": 22, "large": 24, "extraLarge": 32},
        "spacing": {
            "small": 4, "default": 8, "medium": 12, "large": 16, "extraLarge": 24, "padding": 16,
        },
        "separator": {"lineThickness": 1, "lineColor": theme["line"]},
        "supportsInteractivity": True,
        "containerStyles": {
            "default": container(theme["card"]), "emphasis": container(theme["emphasis"]),
        },
        "actions": {
            "maxActions": 6, "actionsOrientation": "horizontal", "actionAlignment": "left",
            "buttonSpacing": 8, "spacing": "default", "iconPlacement": "leftOfTitle",
            "showCard": {"actionMode": "inline", "inlineTopMargin": 8, "style": "emphasis"},
        },
        "inputs": {
            "label": {
                "requiredInputs": {"weight": "default", "suffix": " *", "suffixColor": "attention"},
                "optionalInputs": {"weight": "default"},
            },
            "errorMessage": {"weight": "default"},
        },
        "textStyles": {"heading": {"size": "large", "weight": "bolder"}},
        "textBlock": {"headingLevel": 2},
    }  # fmt: skip


def _style(theme: Mapping[str, str]) -> str:
    """What the renderer leaves to the host: the look of buttons, inputs and the page."""
    return f"""
    body {{ margin: 0; padding: 12px; background: {theme["page"]}; color: {theme["text"]}; }}
    #card {{ border-radius: 8px; border: 1px solid {theme["line"]}; overflow: hidden; }}
    .ac-pushButton {{ font: 600 14px/20px 'Segoe UI', 'Noto Sans', sans-serif; padding: 5px 12px;
      border: 1px solid {theme["line"]}; border-radius: 4px; background: {theme["card"]};
      color: {theme["text"]}; margin: 0 0 8px; }}
    .ac-pushButton.style-positive {{ background: {theme["accent"]}; color: {theme["card"]}; }}
    .ac-pushButton.style-destructive {{ color: {theme["bad"]}; }}
    .ac-actionSet {{ flex-wrap: wrap; }}
    input, textarea, select {{ font: 14px/20px 'Segoe UI', 'Noto Sans', sans-serif;
      box-sizing: border-box; color: {theme["text"]}; background: {theme["emphasis"]};
      border: 1px solid {theme["line"]}; border-radius: 4px; padding: 5px 8px;
      color-scheme: {"dark" if theme is _DARK else "light"}; }}
    ::placeholder {{ color: {theme["subtle"]}; opacity: 1; }}
    """


def open_theme(browser: Any, theme: str, width: int) -> Any:
    """A page in which cards can be drawn, one after the other."""
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.set_content(f"<style>{_style(THEMES[theme])}</style><main id=card></main>")
    page.add_script_tag(path=MARKDOWN)
    page.add_script_tag(path=RENDERER)
    page.evaluate(_PREPARE, host_config(THEMES[theme]))
    return page


def draw(page: Any, card: Mapping[str, Any]) -> list[str]:
    """Draw a card in the place of the one before; what the renderer had to say about it."""
    events: list[str] = page.evaluate("content => drawCard(content)", json.dumps(card))
    # The renderer checks "lang" with a regular expression that remembers where it stopped
    # (flags gi), so every second card is told that its language is invalid.
    return [event for event in events if not event.endswith('for property "lang".')]


def find_flaws(page: Any) -> list[str]:
    """Text that is cut, outside the card, or under other text; buttons and inputs out of reach."""
    flaws: list[str] = page.evaluate(_FIND_FLAWS)
    return flaws


def visible_texts(page: Any) -> list[str]:
    """All that can be read: texts, and what stands in inputs or is hinted there."""
    texts: list[str] = page.evaluate(_READ)
    return texts


_PREPARE = """(config) => {
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdownit().render(text); result.didProcess = true;
  };
  window.drawCard = (content) => {
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = new AdaptiveCards.HostConfig(config);
    const context = new AdaptiveCards.SerializationContext();
    card.parse(JSON.parse(content), context);
    window.pressed = [];
    card.onExecuteAction = (action) => pressed.push({
      kind: action.getJsonTypeName(), verb: action.verb, data: action.data, url: action.url,
    });
    document.getElementById("card").replaceChildren(card.render());
    const events = [];
    for (let i = 0; i < context.eventCount; i++) events.push(context.getEventAt(i).message);
    return events;
  };
}"""

_SHOWN = """
  const shown = (element) => element.getClientRects().length > 0
    && getComputedStyle(element).visibility !== "hidden";
  const leaves = () => {
    const found = [];
    const walker = document.createTreeWalker(document.getElementById("card"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (node.textContent.trim() && shown(parent) && parent.localName !== "option") found.push(node);
    }
    return found;
  };
"""

_READ = (
    "() => {"
    + _SHOWN
    + """
  const inputs = [...document.querySelectorAll("#card input, #card textarea")].filter(shown)
    .flatMap((input) => [input.type === "text" || input.localName === "textarea" ? input.value : "",
      input.placeholder]).filter(Boolean);
  const options = [...document.querySelectorAll("#card option")].map((option) => option.textContent);
  return [...leaves().map((node) => node.textContent.trim()), ...inputs, ...options];
}"""
)

_FIND_FLAWS = (
    "() => {"
    + _SHOWN
    + """
  const flaws = [];
  const box = document.getElementById("card").getBoundingClientRect();
  const boxes = leaves().map((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [node.textContent.trim().slice(0, 40), [...range.getClientRects()], node];
  });
  const controls = [...document.querySelectorAll("#card button, #card input, #card textarea, #card select")]
    .filter(shown);
  for (const element of controls) {
    const { left, right, width, height } = element.getBoundingClientRect();
    const name = element.textContent || element.getAttribute("aria-label") || element.id;
    if (left < box.left - 1 || right > box.right + 1) flaws.push(`control outside the card: ${name}`);
    if (width < 10 || height < 10) flaws.push(`control too small to press: ${name}`);
  }
  for (const [text, rects, node] of boxes) {
    for (const rect of rects) {
      if (rect.left < box.left - 1 || rect.right > box.right + 1) flaws.push(`text outside the card: ${text}`);
    }
    for (let e = node.parentElement; e.id !== "card"; e = e.parentElement) {
      const style = getComputedStyle(e);
      const clips = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
      if (clips && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)) {
        flaws.push(`text cut: ${text}`);
      }
      if (style.textOverflow === "ellipsis" && e.scrollWidth > e.clientWidth + 1) flaws.push(`text shortened: ${text}`);
    }
  }
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length; j++) {
      for (const a of boxes[i][1]) {
        for (const b of boxes[j][1]) {
          const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (wide > 2 && high > 4) flaws.push(`text over text: ${boxes[i][0]} / ${boxes[j][0]}`);
        }
      }
    }
  }
  return [...new Set(flaws)];
}"""
)
