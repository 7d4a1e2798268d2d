"""What is said in a programme's channel."""

from __future__ import annotations

from typing import Literal

from scheduler.rounds.deeds import RefusedError
from scheduler.rounds.forum import say
from scheduler.rounds.planning import find_programme
from scheduler.store.posts import Post, PostKind, find_post, read_posts
from scheduler.teams.cards.forum import Said, market_card, post_card, question_card
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.texts.catalogue import texts_in
from scheduler.web.presses.press import Press, Reply, buttons_like
from scheduler.web.service import Service


async def answer(service: Service, press: Press) -> Reply:
    """Answer the question of the week; everybody's card grows by the answer."""
    await _say(service, press, "answer", parent=press.action.about)
    return await draw_question(service, press.action.subject, press.action.about or "", press)


async def draw_question(service: Service, programme: str, post_id: str, press: Press) -> Reply:
    """The question's card with all answers so far."""
    context = service.context()
    question = await service.in_store(find_post, context.store, post_id)
    if question is None:
        raise RefusedError("late")
    answers = await _said(service, programme, post_id)
    texts = texts_in(press.language)
    card = question_card(
        find_programme(context, programme).title,
        texts.say(question.text),
        answers,
        buttons_like(service, press),
        language=press.language,
    )
    return Reply(card=card, everybody=True)


async def ask(service: Service, press: Press) -> Reply:
    """Ask for help: a new post in the channel."""
    return await _begin_thread(service, press, "ask")


async def offer(service: Service, press: Press) -> Reply:
    """Offer help: a new post in the channel."""
    return await _begin_thread(service, press, "offer")


async def _begin_thread(service: Service, press: Press, kind: Literal["ask", "offer"]) -> Reply:
    programme = find_programme(service.context(), press.action.subject)
    post = await _say(service, press, kind)
    buttons = Buttons(service.signer, programme.name, None, post.id)
    made = await _draw_post(service, post, buttons, press.language)
    card = market_card(programme.title, buttons_like(service, press), language=press.language)
    return Reply(card=card, post=made)


async def reply(service: Service, press: Press) -> Reply:
    """Reply to a post; the card of everybody grows by it."""
    context = service.context()
    await _say(service, press, "reply", parent=press.action.about)
    post = await service.in_store(find_post, context.store, press.action.about or "")
    if post is None:
        raise RefusedError("late")
    card = await _draw_post(service, post, buttons_like(service, press), press.language)
    return Reply(card=card, everybody=True)


async def _draw_post(service: Service, post: Post, buttons: Buttons, language: str) -> Card:
    people = await service.directory.people()
    author = people.get(post.person_id or "")
    name = author.name if author else texts_in(language).say("Somebody")
    return post_card(
        "ask" if post.kind == "ask" else "offer",
        Said(name, post.text),
        await _said(service, post.programme, post.id),
        buttons,
        language=language,
    )


async def _say(service: Service, press: Press, kind: PostKind, parent: str | None = None) -> Post:
    post = await service.in_store(
        say,
        service.context(press.person_id),
        press.action.subject,
        press.person_id,
        kind,
        press.inputs.get("text", ""),
        parent=parent,
        at=service.now(),
    )
    if post is None:
        raise RefusedError("twice")
    return post


async def _said(service: Service, programme: str, post_id: str) -> list[Said]:
    posts = await service.in_store(read_posts, service.context().store, programme, parent=post_id)
    people = await service.directory.people()
    return [
        Said(people[post.person_id].name, post.text)
        for post in posts
        if post.person_id is not None and post.person_id in people
    ]
