"""The operator that asks a person about a held file, and notices when somebody decided elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import Context

from dags.parked_question import ParkedQuestion

if TYPE_CHECKING:
    from pipeline.house import House

RELEASE, REJECT, LATER = "Release", "Reject", "Ask again tomorrow"


class HoldQuestion(ParkedQuestion):
    """Asks whether to release or to reject a held file; ends when it was decided, here or elsewhere, or after a day."""

    asked_for = timedelta(days=1)

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - those of every operator
        super().__init__(
            subject="{{ dag_run.conf['subject'] }}",
            body="{{ dag_run.conf['question'] }}",
            options=[RELEASE, REJECT, LATER],
            defaults=LATER,
            **kwargs,
        )

    def decision_words(self, house: House, context: Context) -> str | None:
        """What was decided about the file."""
        from pipeline.hold_decisions import decision_on

        taken = decision_on(house, int((context["dag_run"].conf or {})["hold_id"]))
        return taken.words if taken else None
