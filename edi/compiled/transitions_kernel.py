"""Take the transitions of a guide's matcher, and remember those that were taken.

What is in a transition lies in one cache line, by the node it was taken from: the guide's own tables are too large to
stay near the processor, and files take the same few hundred transitions again and again.
"""

from __future__ import annotations

import numpy as np

from edi.compiled.emit_kernel import emit
from edi.compiled.layout import (
    K_KEY,
    K_LIMITS,
    K_LOOP,
    K_MISSING,
    K_PLACE,
    K_SPECIAL,
    K_TARGET,
    K_UNUSED,
    N_ID,
    T_LOOP,
    T_LOOP_MAX,
    T_LOOP_STOP,
    T_MAX,
    T_MISSING,
    T_MISSINGS,
    T_TARGET,
    T_UNUSED,
)
from edi.compiled.options import COUNTS, INT, INTS, KEY, LONG_TABLE, NONE, TABLE, helper, inlined
from edi.compiled.values_kernel import ONE
from edi.findings import CODE_NUMBERS

SEGMENT_MISSING, SEGMENT_NOT_USED = CODE_NUMBERS["SEGMENT_MISSING"], CODE_NUMBERS["SEGMENT_NOT_USED"]
LOOP_TOO_MANY, SEGMENT_TOO_MANY = CODE_NUMBERS["LOOP_TOO_MANY"], CODE_NUMBERS["SEGMENT_TOO_MANY"]
HALF, LOW_HALF = 32, (1 << 32) - 1


@inlined(INT(LONG_TABLE, TABLE, TABLE, INT, COUNTS, LONG_TABLE, INTS, INT, INT))
def take_transition(taken, missing, nodes, way, counts, findings, state, begin, stop):
    """Count a segment where it leads: missing nodes, too many loops or segments. Returns its node."""
    target = np.uint64(taken[way, K_TARGET])
    first = np.uint64(taken[way, K_MISSING] >> HALF)
    for m in range(first, first + np.uint64(taken[way, K_MISSING] & LOW_HALF)):
        needed = np.uint64(missing[m, 0])
        if counts[needed] == 0:
            needed = missing[m, 1]
            emit(findings, state, SEGMENT_MISSING, nodes[needed, N_ID], needed, 0, 0, 0, begin, stop)
    wrong = SEGMENT_NOT_USED if taken[way, K_UNUSED] else -1
    if taken[way, K_LOOP] >= 0:
        loop = np.uint64(taken[way, K_LOOP] >> HALF)
        for c in range(loop + ONE, np.uint64(taken[way, K_LOOP] & LOW_HALF)):
            counts[c] = 0
        counts[loop] += 1
        counts[target] = 1
        if counts[loop] > taken[way, K_LIMITS] & LOW_HALF and wrong < 0:
            wrong = LOOP_TOO_MANY
    else:
        counts[target] += 1
        if counts[target] > taken[way, K_LIMITS] >> HALF and wrong < 0:
            wrong = SEGMENT_TOO_MANY
    if wrong >= 0:
        emit(findings, state, wrong, nodes[target, N_ID], target, 0, 0, 0, begin, stop)
    return np.int64(target)


@helper(NONE(LONG_TABLE, INT, KEY, INT, INT, TABLE, INT))
def keep_transition(taken, way, key, place, special, rows, link):
    """What a transition says, for the next segment that takes it."""
    taken[way, K_KEY], taken[way, K_PLACE], taken[way, K_SPECIAL] = np.int64(key), place, special
    taken[way, K_TARGET], taken[way, K_UNUSED] = rows[link, T_TARGET], rows[link, T_UNUSED]
    taken[way, K_LIMITS] = np.int64(rows[link, T_MAX]) << HALF | np.int64(rows[link, T_LOOP_MAX])
    taken[way, K_MISSING] = np.int64(rows[link, T_MISSING]) << HALF | np.int64(rows[link, T_MISSINGS])
    loop = np.int64(rows[link, T_LOOP])
    taken[way, K_LOOP] = loop << HALF | np.int64(rows[link, T_LOOP_STOP]) if loop >= 0 else -1
