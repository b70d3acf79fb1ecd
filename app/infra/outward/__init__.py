"""The only way in which Feira makes requests to addresses that strangers gave it.

A stranger's address may lead anywhere: into our own network, to a server that never ends its answer, to one that
sends us on. `download` looks the name up, checks every address, connects to exactly what it has checked, and does so
anew at every redirect. `destination` checks an address as far as that is possible while a form is being filled in.
"""

from app.infra.outward.destinations import Destination, destination
from app.infra.outward.downloading import Answer, download
from app.infra.outward.refusal import OutwardFailed, OutwardRefused

__all__ = ["Answer", "Destination", "OutwardFailed", "OutwardRefused", "destination", "download"]
