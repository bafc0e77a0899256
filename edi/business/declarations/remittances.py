"""The balances of a remittance and what must go together in it, 835 (docs/domain.md 2 and 9)."""

from __future__ import annotations

from edi.business.language import (
    Amount,
    Balance,
    Declaration,
    Fact,
    Scope,
    Service,
    Situation,
    Wrong,
    has,
    lacks,
    nonzero,
    present,
    zero,
)

ADJUSTED = (2, 5, 8, 11, 14, 17)
"""CAS02 to CAS17, the reasons; each amount stands behind its reason."""
PROVIDER_ADJUSTED = (3, 5, 7, 9, 11, 13)
"""PLB03 to PLB13, the reasons; each amount stands behind its reason."""
NEEDS_REMARK = ("16", "96", "129", "148", "201", "226", "227", "234", "237", "250", "251", "252", "267")
"""Adjustment reasons whose text demands a remark code."""
PATIENT = (has(1, "PR"),)

REMITTANCES = Declaration(
    kinds=frozenset({"835"}),
    scopes=(Scope("set", "ST_LOOP ST"), Scope("claim", "2100 CLP"), Scope("service", "2110 SVC")),
    observations=(
        Service("set", "HEADER BPR", 16),
        Amount("payment", "set", "HEADER BPR", 2),
        Fact("payment", "HEADER BPR", (present(2), lacks(1, "P")), 2),
        Fact("remittance alone", "HEADER BPR", (has(1, "I"),), 1),
        Wrong("REMITTANCE_METHOD_INVALID", "HEADER BPR", 4, (zero(2), lacks(1, "P"), lacks(4, "NON"))),
        Wrong("REMITTANCE_METHOD_INVALID", "HEADER BPR", 4, (nonzero(2), has(4, "NON"))),
        Fact("claim", "2100 CLP"),
        Fact("reversal", "2100 CLP", (has(2, "22"),)),
        Amount("claim charge", "claim", "2100 CLP", 3),
        Amount("claim paid", "claim", "2100 CLP", 4),
        Amount("patient's share", "claim", "2100 CLP", 5),
        Amount("claims paid", "set", "2100 CLP", 4),
        Fact("claim charge", "2100 CLP", (present(3),), 3),
        Fact("claim paid", "2100 CLP", (present(4),), 4),
        Fact("patient's share", "2100 CLP", (), 5),
        Fact("service", "2110 SVC"),
        Amount("service charge", "service", "2110 SVC", 2),
        Amount("service paid", "service", "2110 SVC", 3),
        Amount("services' charges", "claim", "2110 SVC", 2),
        Amount("services' payments", "claim", "2110 SVC", 3),
        Fact("service paid", "2110 SVC", (present(2), present(3)), 3),
        *(Amount("service adjusted", "service", "2110 CAS", reason + 1) for reason in ADJUSTED),
        *(Amount("services adjusted", "claim", "2110 CAS", reason + 1) for reason in ADJUSTED),
        *(Amount("claim adjusted", "claim", "2100 CAS", reason + 1) for reason in ADJUSTED),
        *(Amount("patient's adjustments", "claim", "2100|2110 CAS", reason + 1, PATIENT) for reason in ADJUSTED),
        *(Fact("remark due on service", "2110 CAS", (has(reason, *NEEDS_REMARK),)) for reason in ADJUSTED),
        *(Fact("remark due on claim", "2100 CAS", (has(reason, *NEEDS_REMARK),)) for reason in ADJUSTED),
        Fact("remark on service", "2110 LQ[HE]", (present(2),)),
        *(Fact("remark on claim", "2100 MOA", (present(remark),)) for remark in range(3, 8)),
        *(Fact("remark on claim", "2100 MIA", (present(remark),)) for remark in (5, 20, 21, 22, 23)),
        Amount("interest", "set", "2100 AMT[I]", 2),
        Fact("interest", "2100 AMT[I]"),
        Fact("provider adjustment", "FOOTER PLB"),
        *(Amount("provider adjusted", "set", "FOOTER PLB", reason + 1) for reason in PROVIDER_ADJUSTED),
        *(
            Amount("interest paid", "set", "FOOTER PLB", reason + 1, (has((reason, 1), "L6"),))
            for reason in PROVIDER_ADJUSTED
        ),
        *(Wrong("ADJUSTMENT_ZERO", "FOOTER PLB", reason + 1, (zero(reason + 1),)) for reason in PROVIDER_ADJUSTED),
    ),
    judgments=(
        Balance(
            "REMITTANCE_SERVICE_IMBALANCE",
            "service",
            ("service charge", "-service adjusted", "-service paid"),
            needs=("service paid",),
            at="service paid",
        ),
        Situation("REMARK_MISSING", "service", ("remark due on service",), ("remark on service", "remark on claim")),
        Balance(
            "REMITTANCE_CLAIM_IMBALANCE",
            "claim",
            ("claim charge", "-claim adjusted", "-services adjusted", "-claim paid"),
            needs=("claim charge", "claim paid"),
            at="claim paid",
        ),
        Balance(
            "REMITTANCE_LINES_IMBALANCE",
            "claim",
            ("claim charge", "-services' charges"),
            needs=("claim charge", "service"),
            at="claim charge",
        ),
        Balance(
            "REMITTANCE_LINES_IMBALANCE",
            "claim",
            ("claim paid", "claim adjusted", "-services' payments"),
            needs=("claim paid", "service"),
            at="claim paid",
        ),
        Balance(
            "REMITTANCE_PATIENT_IMBALANCE",
            "claim",
            ("patient's share", "-patient's adjustments"),
            needs=("patient's share",),
            without=("reversal",),
            at="patient's share",
        ),
        Situation("REMARK_MISSING", "claim", ("remark due on claim",), ("remark on service", "remark on claim")),
        Balance(
            "REMITTANCE_PAYMENT_IMBALANCE",
            "set",
            ("payment", "-claims paid", "provider adjusted"),
            needs=("payment",),
            at="payment",
        ),
        Balance(
            "REMITTANCE_INTEREST_IMBALANCE",
            "set",
            ("interest", "interest paid"),
            needs=("interest",),
            at="payment",
        ),
        Situation(
            "REMITTANCE_EMPTY",
            "set",
            ("remittance alone",),
            ("claim", "provider adjustment"),
            at="remittance alone",
        ),
    ),
)
