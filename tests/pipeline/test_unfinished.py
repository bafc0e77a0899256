"""What is still to do, until nothing is."""

from __future__ import annotations

from pipeline.adjudicate import adjudicate
from pipeline.process import settle_unrecognized
from pipeline.receive import receive
from pipeline.unfinished import unfinished_work
from tests.pipeline.plan import CLAIMS, MINUTE, Plan


def test_work_is_left_until_every_step_has_done_its_part(plan: Plan) -> None:
    """Files on their way and unanswered ones, claims without a decision, answers that are not out."""
    plan.load_registry()
    assert unfinished_work(plan.house) == {"files": 0, "claims": 0, "outbox": 0}
    for name, content in (("a.x12", CLAIMS), ("b.x12", CLAIMS), ("empty.x12", b"")):
        plan.upload("clearlink", name, content)
    for _ in range(2):
        plan.clock.instant += MINUTE
        receive(plan.house, "clearlink", plan.clock.now())
    assert unfinished_work(plan.house) == {"files": 3, "claims": 0, "outbox": 0}
    settle_unrecognized(plan.house, "clearlink")
    assert unfinished_work(plan.house) == {"files": 1, "claims": 0, "outbox": 2}
    plan.process()
    # the claims are answered with a 999 and a 277CA
    assert unfinished_work(plan.house) == {"files": 1, "claims": plan.count("claim"), "outbox": 4}
    adjudicate(plan.house)
    assert unfinished_work(plan.house) == {"files": 1, "claims": 0, "outbox": 4}
    plan.deliver()
    assert unfinished_work(plan.house) == {"files": 0, "claims": 0, "outbox": 0}
