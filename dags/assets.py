"""The assets whose events wake DAGs. An event carries nothing: the work list is always read from the ledger.

Tasks name their assets outright. An AssetAlias could choose at run time, but two tasks that end in the same moment and
are the first to bind an alias to an asset collide in Airflow's database, and the loser is marked failed.
"""

from __future__ import annotations

from airflow.sdk import Asset

ENROLLMENT_ARRIVED = Asset(uri="edi://inbox/834", name="enrollment_arrived")
CLAIMS_ARRIVED = Asset(uri="edi://inbox/837", name="claims_arrived")
OUTBOX_FILLED = Asset(uri="edi://outbox", name="outbox_filled")
