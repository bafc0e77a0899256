"""`edi status` and `edi balance`: what was paid, and whether everything adds up."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Annotated

import typer

from pipeline.command.exits import ATTENTION
from pipeline.command.printing import Json, busy, tell


def status(as_json: Json = False) -> None:
    """Count files, claims, money and the outbox, and take the balance: is everything received accounted for?

    Exit code 1 when the balance does not hold, or the last run of payments left claims out that wait for a person.
    """
    from loaders.balance import balance as take_balance  # noqa: PLC0415 - `edi --help` answers at once
    from loaders.deposit_list import counts as payment_counts  # noqa: PLC0415 - as above
    from loaders.ledger import counts  # noqa: PLC0415 - as above
    from loaders.open_disputes import count_disputes  # noqa: PLC0415 - as above
    from loaders.outgoing import outgoing  # noqa: PLC0415 - as above
    from loaders.partner_answers import counts as answers_of_partners  # noqa: PLC0415 - as above
    from loaders.partner_answers import refusals  # noqa: PLC0415 - as above
    from loaders.provider_balances import accounts as open_accounts  # noqa: PLC0415 - as above
    from pipeline.disputes import told_counts  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.provider_accounts import told_totals  # noqa: PLC0415 - as above
    from pipeline.silence import MOST_TOLD, unanswered  # noqa: PLC0415 - as above

    with open_house() as house, house.warehouse.begin() as connection:
        disputes = told_counts(count_disputes(connection))
        taken, files, sent = take_balance(connection), counts(connection), outgoing(connection)
        answered, refused = dict(answers_of_partners(connection)), refusals(connection)
        now = house.now()
        accounts = told_totals(open_accounts(connection), house.today(), house.configuration.payments.balance_weeks)
        silent, deposits = unanswered(house, connection, now), dict(payment_counts(connection))
        place, plan = house.warehouse.place, house.configuration.plan.name
        environment = house.configuration.environment
    by_partner: dict[str, dict[str, dict[str, int]]] = {}
    for count in files:
        by_partner.setdefault(count.partner, {}).setdefault(count.kind, {})[count.state] = count.files
    report = {
        "plan": plan,
        "environment": environment,
        "now": now.isoformat(),
        "warehouse": place,
        "files": dict(taken.files),
        "files_by_partner": by_partner,
        "claims": dict(taken.claims),
        "refused_in_accepted_sets": dict(taken.refused),
        "disputes": disputes,
        "money": {
            "decided_claims": taken.decided_claims,
            "billed_cents": taken.billed_cents,
            "paid_cents": taken.paid_cents,
            "adjusted_cents": taken.adjusted_cents,
        },
        "remittances": {
            "runs": sent.remittance_runs,
            "last_through": sent.last_through.isoformat() if sent.last_through else None,
            "waits_for_release": sent.waits_for_release.isoformat() if sent.waits_for_release else None,
            "remittances": sent.remittances,
            "payments": sent.payments,
            "paid_cents": sent.paid_cents,
        },
        "waiting": {
            "claims": sent.waiting_claims,
            "balance_cents": sent.waiting_cents,
            "without_payee": sent.without_payee,
            "left_out": sent.left_out,
        },
        "provider_accounts": accounts,
        "outbox": {kind: dict(states) for kind, states in sent.outbox.items()},
        "answered_by_partners": {kind: dict(found) for kind, found in answered.items()},
        "refused_by_partners": [one.told() for one in refused],
        "unanswered_by_partners": [one.told() for one in silent[:MOST_TOLD]],
        "deposits": deposits,
        "balance": {"holds": taken.holds, "faults": dict(taken.faults)},
    }
    tell(plan, report, as_json=as_json)
    if not taken.holds or sent.left_out:
        raise typer.Exit(ATTENTION)


def balance(
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIMESTAMP", help="Only sets loaded or decided from then on, in the plan's time; all without it."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Account for every 837 set: what was received is accepted or rejected, what was decided is paid or adjusted.

    Great Expectations measures it and writes a page of Data Docs. Exit code 1 when something is unaccounted for.
    """
    from pipeline.conservation import conserve  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house, busy("measuring", as_json=as_json):
        found = conserve(house, _instant(since, house.configuration.plan.time_zone))
    tell("Balance of the warehouse", found.summary(), as_json=as_json)
    if found.broken:
        raise typer.Exit(ATTENTION)


def _instant(text: str | None, zone: tzinfo) -> datetime | None:
    """The moment that was asked for."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a moment is written as 2026-06-01T09:30", param_hint="--since") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
