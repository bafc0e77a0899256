"""Composing a week: the worked example to the segment."""

from __future__ import annotations

from datetime import UTC, datetime

from edi.payment_balance import imbalances
from rules.payments.compose import compose
from tests.rules.payments.weeks import TERMS, worked_example
from tests.writers.remittances import PAYER
from writers.remittance_files import Receiver, Sending, write_remittances

TABLE_2 = """\
LX*1
CLP*PCN-A*1*150*80*20*HM*26170000001*11*1
NM1*QC*1*ROE*ANN****MI*M0000001
DTM*050*20260520
AMT*I*2.5
SVC*HC:99213*150*80**1
DTM*472*20260504
CAS*CO*45*50
CAS*PR*3*20
REF*6R*A1
AMT*B6*100
CLP*PCN-B*1*260*90*90*HM*26170000002*11*1
NM1*QC*1*POE*BEN****MI*M0000002
DTM*050*20260601
SVC*HC:99214*200*90**1
DTM*472*20260518
CAS*CO*45*80
CAS*PR*1*30
REF*6R*B1
AMT*B6*120
SVC*HC:S9999*60*0**1
DTM*472*20260518
CAS*PR*96*60
REF*6R*B2
LQ*HE*N130
CLP*PCN-C*1*175*0**HM*26170000003*11*1
NM1*QC*1*COE*CAL****MI*M0000003
DTM*050*20260608
SVC*HC:99213*175*0**1
DTM*472*20260401
CAS*CO*29*175
REF*6R*C1
LQ*HE*N211
CLP*PCN-D*22*-300*-150**HM*26150000004*11*1
NM1*QC*1*DOE*DEE****MI*M0000004
DTM*050*20260505
SVC*HC:97110*-300*-150**-4
DTM*472*20260420
CAS*CO*45*-100
CAS*PR*2*-50
REF*6R*D1
CLP*PCN-D*1*280*160*40*HM*26170000005*11*7
NM1*QC*1*DOE*DEE****MI*M0000004
REF*F8*26150000004
DTM*050*20260610
SVC*HC:97110*280*160**4
DTM*472*20260420
CAS*CO*45*80
CAS*PR*2*40
REF*6R*D1
AMT*B6*200
LQ*HE*MA67
PLB*1234567893*20261231*L6:26170000001*-2.5
"""


def test_the_worked_example() -> None:
    """domain.md 9.9, from decisions to bytes: 180.00 of claims and 2.50 of interest make 182.50."""
    composed = compose(worked_example(), TERMS)
    assert imbalances(composed.run) == ()
    sending = Sending(77, "P", datetime(2026, 6, 24, 6, 0, tzinfo=UTC))
    (content,) = write_remittances(
        composed.run, PAYER, {"clearhouse": Receiver("ZZ", "CLRHOUSE01", "CLRHOUSE01")}, sending
    )
    segments = content.decode().replace("~", "\n")
    assert "BPR*I*182.5*C*ACH*CCP*" in segments
    assert segments[segments.index("LX*1") : segments.index("SE*")] == TABLE_2
