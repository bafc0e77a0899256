"""The embedded warehouse server: a real PostgreSQL, from a wheel, that belongs to one folder.

    url = start(Path("var/warehouse"))   # makes the folder's server if need be, and waits until it answers
    running(Path("var/warehouse"))       # the same url, or None
    stop(Path("var/warehouse"))

The server outlives the process that started it, listens on 127.0.0.1 only and asks for the password that was drawn
when the folder was made. A plan's own server needs none of this: there `EDI_WAREHOUSE_URL` names it.
"""

from loaders.server.lifecycle import ServerBroken, ServerUnavailable, running, start, stop

__all__ = ["ServerBroken", "ServerUnavailable", "running", "start", "stop"]
