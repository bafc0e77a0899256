"""The operator that asks a person about a held file, and notices when somebody decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NoReturn

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Context, Param
from airflow.sdk.timezone import utcnow

from dags.house_rules import open_house

RELEASE, REJECT, LATER = "Release", "Reject", "Ask again tomorrow"
ELSEWHERE = "Decided elsewhere"
ASKED_FOR = timedelta(days=1)
"""How long one run asks."""


class HoldQuestion(HITLOperator):
    """Asks whether to release or to reject a held file; ends when it was decided, here or elsewhere, or after a day.

    Airflow parks it as `awaiting_input`, where it occupies neither worker nor triggerer. Every
    `limits.hold_look_seconds` the scheduler gives it the default answer, that is none: then it looks into the warehouse
    for a second, and parks again under the same question. It returns what Airflow's operator returns; `chosen_options`
    is `[ELSEWHERE]` where somebody was faster. An answer that falls into that second is refused with 409, and has to be
    given again.
    """

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - those of every operator
        super().__init__(
            subject="{{ dag_run.conf['subject'] }}",
            body="{{ dag_run.conf['question'] }}",
            options=[RELEASE, REJECT, LATER],
            defaults=LATER,
            params={"note": Param("", type="string", title="Why, for whoever reads it later; no personal data")},
            **kwargs,
        )

    def execute(self, context: Context) -> Any:  # noqa: ANN401 - as Airflow declares it
        """Ask, unless somebody decided before."""
        return self._decided_elsewhere(context) or self._ask(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:  # noqa: ANN401 - as Airflow declares it
        """Take the answer; where there is none yet, look around and go on asking."""
        if event.get("responded_by_user") is not None or "error" in event:
            return super().execute_complete(context, event)
        elsewhere = self._decided_elsewhere(context)
        if elsewhere is not None:
            return elsewhere
        began = context["dag_run"].start_date
        if began is not None and utcnow() - began >= ASKED_FOR:
            return super().execute_complete(context, event)
        return self._ask(context)

    def _ask(self, context: Context) -> NoReturn:
        """Park the task; an answer or the next look wakes it."""
        super().execute(context)
        raise AssertionError("Airflow parks whoever asks by an exception")

    def _decided_elsewhere(self, context: Context) -> Mapping[str, Any] | None:
        from pipeline.hold_decisions import decision_on

        with open_house() as house:
            taken = decision_on(house, int((context["dag_run"].conf or {})["hold_id"]))
            self.response_timeout = timedelta(seconds=house.configuration.limits.hold_look_seconds)
        if taken is None:
            return None
        self.log.info("The question is answered: %s.", taken.words)
        return {"chosen_options": [ELSEWHERE], "params_input": {}, "responded_at": utcnow(), "responded_by_user": None}
