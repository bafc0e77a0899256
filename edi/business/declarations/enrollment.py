"""Control totals and situations of members and their coverage, 834."""

from __future__ import annotations

from edi.business.language import (
    Amount,
    Balance,
    Count,
    Declaration,
    Fact,
    Scope,
    Service,
    Situation,
    Wrong,
    has,
    lacks,
    present,
)

TOTALS = (("TO", "members", ()), ("ET", "subscribers", (has(1, "Y"),)), ("DT", "dependents", (has(1, "N"),)))
"""QTY01, and which members it counts."""

ENROLLMENT = Declaration(
    kinds=frozenset({"834"}),
    scopes=(
        Scope("set", "ST_LOOP ST"),
        Scope("member", "2000 INS"),
        Scope("coverage", "2300 HD"),
    ),
    observations=(
        *(Amount(f"{name} told", "set", f"HEADER QTY[{total}]", 2) for total, name, _ in TOTALS),
        *(Fact(f"{name} told", f"HEADER QTY[{total}]", (present(2),), 2) for total, name, _ in TOTALS),
        *(Count(name, "set", "2000 INS", 0, when) for _, name, when in TOTALS),
        Service("set", "HEADER BGN", 3),
        Wrong("MEMBER_RELATIONSHIP_INVALID", "2000 INS", 2, (has(1, "Y"), lacks(2, "18"))),
        Wrong("MEMBER_RELATIONSHIP_INVALID", "2000 INS", 2, (has(1, "N"), has(2, "18"))),
        Wrong("MEMBER_NOT_TERMINATED", "2000 INS", 3, (has(8, "TE"), lacks(3, "024"))),
        Wrong("MEMBER_NOT_TERMINATED", "2000 INS", 3, (present(12), lacks(8, "TE"), lacks(3, "024"))),
        Fact("member added", "2000 INS", (has(3, "021"),)),
        Fact("continued coverage", "2000 INS", (has(5, "C"),)),
        Fact("COBRA date", "2000 DTP[340,341]"),
        Fact("eligibility end", "2000 DTP[357]"),
        Fact("coverage", "2300 HD"),
        Fact("coverage added", "2300 HD", (has(1, "021"),)),
        Fact("coverage ended", "2300 HD", (has(1, "024"),)),
        Fact("coverage begin", "2300 DTP[348]"),
        Fact("coverage end", "2300 DTP[349]"),
    ),
    judgments=(
        *(
            Balance(
                "MEMBER_TOTAL_IMBALANCE",
                "set",
                (f"{name} told", f"-{name}"),
                needs=(f"{name} told",),
                at=f"{name} told",
            )
            for _, name, _ in TOTALS
        ),
        Situation("MEMBER_COVERAGE_MISSING", "member", ("member added",), ("coverage",), missing="2300 HD"),
        Situation("COBRA_DATE_MISSING", "member", ("continued coverage",), ("COBRA date",), missing="2000 DTP[340]"),
        Situation(
            "COVERAGE_BEGIN_DATE_MISSING", "coverage", ("coverage added",), ("coverage begin",), missing="2300 DTP[348]"
        ),
        Situation(
            "COVERAGE_END_DATE_MISSING",
            "coverage",
            ("coverage ended",),
            ("coverage end", "eligibility end"),
            missing="2300 DTP[349]",
        ),
    ),
)
