"""Where somebody stands on the lists on which they put their name down, for pages and cards."""

from __future__ import annotations

from collections.abc import Collection

from scheduler.people.sign_up import Listing
from scheduler.rounds.deeds import list_offered, read_my_choices, takes_part
from scheduler.rounds.sign_up import find_listings
from scheduler.teams.cards.name_list import describe_listing
from scheduler.texts.catalogue import Texts
from scheduler.web.service import Service


async def find_listings_of(
    service: Service, person_id: str, names: Collection[str] | None = None
) -> dict[str, Listing]:
    """The lists that are meant for a person, by the programme's name; of some programmes alone.

    Raises:
        GraphError: The directory cannot be read, and never was.
    """
    context = service.context(person_id)
    programmes = context.settings.programmes
    wanted = programmes if names is None else names
    lists = {name for name in wanted if name in programmes and programmes[name].sign_up}
    people = await service.directory.people()
    person = people.get(person_id)
    if person is None or not lists:
        return {}
    members = await service.directory.group_members()
    return await service.in_store(find_listings, context, person, people, members, names=lists)


async def find_signed_up(service: Service, person_id: str) -> frozenset[str]:
    """The names of the programmes on whose list a person is."""
    context = service.context(person_id)
    if all(one.sign_up is None for one in context.settings.programmes.values()):
        return frozenset()
    person = await service.directory.find(person_id)
    if person is None:
        return frozenset()
    choices = await service.in_store(read_my_choices, context, person_id)
    offered = list_offered(context, person, await service.directory.group_members())
    return frozenset(
        one.name
        for one in offered
        if one.sign_up is not None and takes_part(choices, one, person, context.today)
    )


async def tell_listings(
    service: Service, person_id: str, names: Collection[str], texts: Texts
) -> list[str]:
    """What a person is told who has just put their name down for some programmes."""
    listings = await find_listings_of(service, person_id, names)
    return [said for one in listings.values() for said in describe_listing(one, texts)]
