"""The assets whose events wake DAGs. An event carries nothing: the work list is always read from the ledger."""

from __future__ import annotations

from airflow.sdk import Asset, AssetAlias

ENROLLMENT_ARRIVED = Asset(uri="edi://inbox/834", name="enrollment_arrived")
CLAIMS_ARRIVED = Asset(uri="edi://inbox/837", name="claims_arrived")
OUTBOX_FILLED = Asset(uri="edi://outbox", name="outbox_filled")

ARRIVALS = AssetAlias("edi_arrivals")
"""What `fetch` may announce; it decides at run time which of the assets above."""

OUTGOING = AssetAlias("edi_outgoing")
"""The same for steps that may or may not have written answers."""
