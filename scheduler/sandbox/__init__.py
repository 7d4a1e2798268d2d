"""An embedded Microsoft 365 tenant: the same HTTP, no cloud.

It knows nothing of the product that talks to it: what it does comes from Microsoft's
documentation and from what real clients were seen to do. ``start_sandbox`` runs it as a process
of its own, ``serve`` runs it in this one.
"""

from scheduler.sandbox.process import Addresses, start_sandbox
from scheduler.sandbox.settings import SandboxSettings

__all__ = ["Addresses", "SandboxSettings", "start_sandbox"]
