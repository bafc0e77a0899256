"""`edi adjudicate`."""

from __future__ import annotations

from pipeline.command.printing import Json, busy, tell


def adjudicate(as_json: Json = False) -> None:
    """Decide every claim that can be decided now."""
    from pipeline.adjudicate import adjudicate as decide  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house, busy("deciding claims", as_json=as_json):
        report = decide(house).summary()
    tell("Claims decided", report, as_json=as_json)
