"""Pages for people. A module here holds one ``router``; :data:`ROUTERS` lists them in order.

Each route carries a dependency of :mod:`scheduler.web.access`, or the app does not start.
"""

from __future__ import annotations

from fastapi import APIRouter

from scheduler.web.pages import door, first, plans

ROUTERS: tuple[APIRouter, ...] = (door.router, first.router, plans.router)
