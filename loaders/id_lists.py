"""Lists of ids as parameters of queries: a batch's claims are named by dozens of queries, and written once for all."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from psycopg import adapters
from psycopg.adapt import Dumper

BIGINT_ARRAY_OID = 1016


class IdList(list[int]):
    """Ids that do not change any more."""

    @cached_property
    def written(self) -> bytes:
        """As PostgreSQL reads an array."""
        return f"{{{','.join(map(str, self))}}}".encode("ascii")


class _IdListDumper(Dumper):
    """Always bigint[]: ids of another type than the column's are compared more slowly."""

    oid = BIGINT_ARRAY_OID

    def dump(self, obj: IdList) -> bytes:
        return obj.written


adapters.register_dumper(IdList, _IdListDumper)


def id_list(ids: Iterable[int]) -> IdList:
    """Ids as a parameter of a query; the same again where they are that already."""
    return ids if isinstance(ids, IdList) else IdList(ids)
