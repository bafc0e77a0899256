"""The batches of an 837: a row a transaction set with its submitter and receiver, and how the submitter is reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from parsers.claim_rows import ordinals

if TYPE_CHECKING:
    import pyarrow as pa

PLACE = ("interchange", "functional_group", "transaction_set")
RANGE = ("source_start", "source_stop")
BATCH_COLUMNS = ("purpose", "reference", "created", "created_at", "kind")
PARTY_COLUMNS = {
    "1000A": {
        "submitter_type": "entity_type",
        "submitter_name": "last_or_organization_name",
        "submitter_first_name": "first_name",
        "submitter_middle_name": "middle_name",
        "submitter_id": "identifier",
    },
    "1000B": {"receiver_name": "last_or_organization_name", "receiver_id": "identifier"},
}
CONTACT_COLUMNS = (
    *("loop", "function", "name"),
    *(f"{part}_{number}" for number in (1, 2, 3) for part in ("qualifier", "number")),
)


def read_batches(extracted: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """`claim_set` and `claim_set_contact`, each left out where it has no rows; by set and `ordinal` in it."""
    import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    batches = extracted["claim_batch"]
    found = {}
    if batches.num_rows:
        rows = batches.select((*PLACE, *BATCH_COLUMNS, *RANGE))
        keys = _keys(batches)
        for loop, columns in PARTY_COLUMNS.items():
            parties = extracted["claim_hierarchy_party"]
            parties = parties.filter(pc.equal(parties["loop"], loop))
            of_batch = pc.index_in(keys, _keys(parties))
            for ours, theirs in columns.items():
                rows = rows.append_column(ours, pc.take(parties[theirs], of_batch))
        found["claim_set"] = rows
    contacts = extracted["claim_hierarchy_contact"]
    contacts = contacts.filter(pc.is_in(contacts["loop"], value_set=_words(PARTY_COLUMNS)))
    if contacts.num_rows:
        places = ordinals(_keys(contacts).combine_chunks().dictionary_encode().indices.to_numpy())
        found["claim_set_contact"] = contacts.select((*PLACE, *CONTACT_COLUMNS, *RANGE)).append_column(
            "ordinal", pa.array(places, pa.int64())
        )
    return found


def _keys(rows: pa.Table) -> pa.ChunkedArray:
    """The set of each row as one word."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    return pc.binary_join_element_wise(*(pc.cast(rows[name], pa.string()) for name in PLACE), " ")


def _words(loops: Mapping[str, object]) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415 - as above

    return pa.array(list(loops))
