"""Follow the hierarchical levels (HL) of a transaction set, as `edi.reference.hierarchy` does."""

from __future__ import annotations

from edi.compiled.elements_kernel import NUMBER_1, NUMBER_2
from edi.compiled.emit_kernel import emit_at
from edi.compiled.layout import (
    BASE,
    DEPTH,
    LEVELS,
    N_ID,
    N_LEVEL,
    N_LOOP,
    POSITION,
    V_CHILD_CODE,
    V_HAS_CHILD,
    V_NODE,
    V_NUMBER,
    V_POSITION,
    V_START,
    V_STOP,
)
from edi.compiled.options import BYTES, INT, INTS, LONG_TABLE, NONE, PAIR, TABLE, helper
from edi.compiled.values_kernel import parse_count
from edi.findings import CODE_NUMBERS
from edi.limits import MOST_LEVELS

HL_CHILD = CODE_NUMBERS["HL_CHILD"]
CHILD_CODE = 4


@helper(PAIR(BYTES, INT, INTS, INTS, INTS, LONG_TABLE, TABLE, INT))
def count_level(raw, k, starts, lengths, state, levels, nodes, node):
    """A new HL: what is wrong with its numbers, as bits, and how many levels stay open above it."""
    state[LEVELS] += 1
    wrong = 0
    if k < 2 or parse_count(raw, starts[1], lengths[1]) != state[LEVELS]:
        wrong = NUMBER_1
    depth = 0
    if k > 2 and lengths[2] > 0:
        depth = state[DEPTH]
        parent = parse_count(raw, starts[2], lengths[2])
        while depth > 0 and levels[depth - 1, V_NUMBER] != parent:
            depth -= 1
        if depth == 0:
            wrong |= NUMBER_2
            state[DEPTH] = 0  # whose child this is nobody knows
        elif node >= 0 and nodes[node, N_LEVEL] >= 0:
            above = levels[depth - 1, V_NODE]
            if above >= 0 and nodes[above, N_LOOP] != nodes[node, N_LEVEL]:
                wrong |= NUMBER_2
    return wrong, depth


@helper(NONE(LONG_TABLE, INTS, TABLE, LONG_TABLE, INT))
def report_child(findings, state, nodes, levels, level):
    """HL04 of that level is wrong."""
    node = levels[level, V_NODE]
    start, stop = levels[level, V_START], levels[level, V_STOP]
    position = levels[level, V_POSITION]
    emit_at(findings, state, HL_CHILD, position, nodes[node, N_ID], node, CHILD_CODE, 0, 0, start, stop)


@helper(NONE(LONG_TABLE, INTS, TABLE, LONG_TABLE, INT))
def close_levels(findings, state, nodes, levels, depth):
    """Close levels, the innermost first, until so many are open."""
    for level in range(state[DEPTH] - 1, depth - 1, -1):
        if levels[level, V_CHILD_CODE] == 1 and not levels[level, V_HAS_CHILD]:
            report_child(findings, state, nodes, levels, level)
    state[DEPTH] = depth


@helper(NONE(BYTES, INT, INT, INTS, INTS, LONG_TABLE, INTS, TABLE, LONG_TABLE, INT, INT))
def open_level(raw, k, end, starts, lengths, findings, state, nodes, levels, depth, node):
    """A new HL under so many open levels; `node` is -1 where it has no place."""
    close_levels(findings, state, nodes, levels, depth)
    if depth:
        parent = depth - 1
        if levels[parent, V_CHILD_CODE] == 0 and not levels[parent, V_HAS_CHILD]:
            report_child(findings, state, nodes, levels, parent)
        levels[parent, V_HAS_CHILD] = 1
    if depth == MOST_LEVELS:
        depth -= 1
    code, start, stop = -1, end, end
    if k > CHILD_CODE:
        start, stop = starts[CHILD_CODE], starts[CHILD_CODE] + lengths[CHILD_CODE]
        if node >= 0 and lengths[CHILD_CODE] == 1 and 48 <= raw[start] <= 49:
            code = raw[start] - 48
    levels[depth, V_NUMBER] = state[LEVELS]
    levels[depth, V_CHILD_CODE] = code
    levels[depth, V_HAS_CHILD] = 0
    levels[depth, V_POSITION] = state[POSITION]
    levels[depth, V_NODE] = node
    levels[depth, V_START] = state[BASE] + start
    levels[depth, V_STOP] = state[BASE] + stop
    state[DEPTH] = depth + 1
