"""The operator that asks a person whether a composed run of payments may go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException

from dags.parked_question import ParkedQuestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.house import House

COMPOSE = "remit"
"""Task that composes the run; what it returns is asked about."""
RELEASE, ABANDON, LATER = "Release", "Abandon", "Decide by command line"
COMPOSED = "composed"


class ReleaseQuestion(ParkedQuestion):
    """Asks as long as the run is open; skipped where nothing waits: it went out at once, or it was a dry run."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - those of every operator
        pulled = f"ti.xcom_pull(task_ids='{COMPOSE}')"
        super().__init__(
            subject=f"Release the remittance through {{{{ {pulled}['through'] }}}}?",
            body=f"{{{{ {pulled}['question'] }}}}",
            options=[RELEASE, ABANDON, LATER],
            defaults=LATER,
            **kwargs,
        )

    def execute(self, context: Context) -> Any:  # noqa: ANN401 - as Airflow declares it
        """Ask, where the run waits for its release."""
        if self._report(context)["state"] != COMPOSED:
            raise AirflowSkipException("Nothing waits for a release.")
        return super().execute(context)

    def decision_words(self, house: House, context: Context) -> str | None:
        """Whether the run was released or given up."""
        from pipeline.remit_inspection import standing_of

        through = self._report(context)["through"]
        standing = standing_of(house, through)
        return None if standing == COMPOSED else f"the run through {through} is {standing}"

    @staticmethod
    def _report(context: Context) -> Mapping[str, Any]:
        report: Mapping[str, Any] = context["ti"].xcom_pull(task_ids=COMPOSE)
        return report
