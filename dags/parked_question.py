"""A question to a person that occupies nobody, and ends when it was answered elsewhere."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Context, Param
from airflow.sdk.timezone import utcnow

from dags.house_rules import open_house

if TYPE_CHECKING:
    from pipeline.house import House

ELSEWHERE = "Decided elsewhere"


class ParkedQuestion(HITLOperator):
    """Asks until somebody answers, here or elsewhere, or `asked_for` is over.

    Airflow parks it as `awaiting_input`, where it occupies neither worker nor triggerer. Every
    `limits.hold_look_seconds` the scheduler gives it the default answer, that is none: then it looks into the warehouse
    for a second, and parks again under the same question. It returns what Airflow's operator returns; `chosen_options`
    is `[ELSEWHERE]` where somebody was faster. An answer that falls into that second is refused with 409, and has to be
    given again.
    """

    asked_for: timedelta | None = None
    """How long one run asks; None: until somebody has decided."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - those of every operator
        # those of the DAG come along; they are no fields of the question
        kwargs["params"] = {"note": Param("", type="string", title="Why, for whoever reads it later; no personal data")}
        super().__init__(**kwargs)

    @abstractmethod
    def decision_words(self, house: House, context: Context) -> str | None:
        """What was decided elsewhere, in words for the log; None while nothing was."""

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
        if self.asked_for is not None and began is not None and utcnow() - began >= self.asked_for:
            return super().execute_complete(context, event)
        return self._ask(context)

    def _ask(self, context: Context) -> NoReturn:
        """Park the task; an answer or the next look wakes it."""
        super().execute(context)
        raise AssertionError("Airflow parks whoever asks by an exception")

    def _decided_elsewhere(self, context: Context) -> Mapping[str, Any] | None:
        with open_house() as house:
            words = self.decision_words(house, context)
            self.response_timeout = timedelta(seconds=house.configuration.limits.hold_look_seconds)
        if words is None:
            return None
        self.log.info("The question is answered: %s.", words)
        return {"chosen_options": [ELSEWHERE], "params_input": {}, "responded_at": utcnow(), "responded_by_user": None}


def who_answered(answer: Mapping[str, Any]) -> str:
    """Who answered, as Airflow knows them."""
    user = answer.get("responded_by_user") or {}
    return f"{user.get('name') or user.get('id') or 'somebody'} (Airflow)"


def note_of(answer: Mapping[str, Any]) -> str | None:
    """Why, in the words of who answered."""
    return (answer.get("params_input") or {}).get("note") or None
