"""Does the claim equal one that is on file?

By default adjudication answers (OA 18, domain.md 8.2 #8); a plan may return duplicates instead. Then they are looked
for when a file is loaded, on file and further up in the same file, of the claims there that no other edit rejects: the
same member, billing TIN, days, charge and lines (domain.md 7.1). Claims of a batch that says it is sent again (BHT02
18) are always looked for (domain.md 4.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from edi.claim_screening import FINALISED, PENDING
from rules.front_end.edit import Edit

if TYPE_CHECKING:
    import pandas as pd


def of_finalised(claims: pd.DataFrame) -> pd.Series:
    """Equal to one that was paid; a denied one may be sent again."""
    return claims["duplicate_of"] == FINALISED


def of_pending(claims: pd.DataFrame) -> pd.Series:
    """Equal to one that is not decided yet."""
    return claims["duplicate_of"] == PENDING


def sent_again_of_finalised(claims: pd.DataFrame) -> pd.Series:
    """The same, in a batch that is sent again."""
    return claims["batch_is_reissued"] & of_finalised(claims)


def sent_again_of_pending(claims: pd.DataFrame) -> pd.Series:
    """The same, in a batch that is sent again."""
    return claims["batch_is_reissued"] & of_pending(claims)


REISSUED = (
    Edit("REISSUE_OF_FINALISED", "of a batch sent again (BHT02 18), an original claim that equals a paid one", "A3:54",
         7, "domain.md 1.6, 4.1", judge=sent_again_of_finalised),
    Edit("REISSUE_OF_PENDING", "of a batch sent again (BHT02 18), an original claim that equals one not decided yet",
         "A3:78", 7, "domain.md 1.6, 4.1", judge=sent_again_of_pending),
)  # fmt: skip
ANYWHERE = (
    Edit("DUPLICATE_OF_FINALISED", "an original claim that equals a paid one", "A3:54", 7, "domain.md 1.6, 7.1",
         "accept", judge=of_finalised),
    Edit("DUPLICATE_OF_PENDING", "an original claim that equals one not decided yet", "A3:78", 7, "domain.md 1.6, 7.1",
         "accept", judge=of_pending),
)  # fmt: skip
EDITS = (*REISSUED, *ANYWHERE)
