"""Who is in the tenant: people, guests, leavers, shared mailboxes, rooms; given or invented."""

from scheduler.sandbox.organisation.build import build_organisation
from scheduler.sandbox.organisation.member import Member, Organisation, Room

__all__ = ["Member", "Organisation", "Room", "build_organisation"]
