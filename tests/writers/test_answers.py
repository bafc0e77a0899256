from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edi.archived import bytes_reader
from edi.reference.scanner import scan
from edi.verdict import InterchangeVerdict
from rules.acceptance import AcceptanceProfile, judge, judge_duplicate
from tests.writers.remittances import PAYER, accepted_by_pyx12
from writers.answers import answer
from writers.quoting import Quoting

CORPUS = Path(__file__).parents[1] / "corpus"
NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
ANYBODY = AcceptanceProfile("anybody", usages=frozenset({"P", "T"}), claim_syntax="accept_with_errors")

ENROLLMENT = (CORPUS / "pyx12/834_deident_new_enroll.txt").read_bytes()
CLAIMS = (CORPUS / "linuxforhealth/demo.example2.837").read_bytes()


def corpus_files() -> list[Path]:
    """Every input: neither licences nor what pyx12's own tests expect."""
    return sorted(
        path
        for path in CORPUS.glob("*/**/*")
        if path.is_file() and not path.name.startswith("LICENSE") and ".expected." not in path.name
    )


def only(data: bytes, profile: AcceptanceProfile = ANYBODY) -> InterchangeVerdict:
    """The verdict of the one interchange in a file."""
    (verdict,) = judge(scan(data), profile).interchanges
    return verdict


def written(verdict: InterchangeVerdict) -> list[str]:
    """Segments of the answer, without ISA, IEA and their dates."""
    content = answer(verdict, PAYER, 42, NOW)
    assert content is not None
    return content.decode().rstrip("~").split("~")


def test_the_whole_answer_to_an_accepted_enrollment() -> None:
    """Sender and receiver change places, in ISA and in GS; nothing but the answer is in it."""
    assert written(only(ENROLLMENT)) == [
        "ISA*00*          *00*          *ZZ*HEALTHPLAN     *ZZ*ACMECORP       *260402*0930*^*00501*000000042*0*T*:",
        "GS*FA*HEALTHPLAN*ACMECORP*20260402*0930*42*X*005010X231A1",
        "ST*999*0001*005010X231A1",
        "AK1*BE*100001*005010X220A1",
        "AK2*834*0001*005010X220A1",
        "IK5*A",
        "AK9*A*1*1*1",
        "SE*6*0001",
        "GE*1*42",
        "IEA*1*000000042",
    ]


def test_a_ta1_that_was_asked_for_stands_before_the_first_group() -> None:
    """ISA14 = 1."""
    assert [segment[:30] for segment in written(only(CLAIMS))[1:3]] == [
        "TA1*000000907*131031*1147*A*00",
        "GS*FA*54321*000000005*20260402",
    ]


def test_a_rejected_interchange_gets_a_ta1_alone_unasked() -> None:
    """No 999 can follow, so the sender is told even with ISA14 = 0."""
    truncated = ENROLLMENT[: ENROLLMENT.index(b"GE*")]
    assert written(only(truncated))[1:] == ["TA1*000000001*260401*1200*R*023", "IEA*0*000000042"]


def test_a_duplicate_is_answered_by_a_ta1_alone() -> None:
    """TA1 R 025, whatever the groups were."""
    verdict = judge_duplicate(judge(scan(CLAIMS), ANYBODY), 1).interchanges[0]
    assert written(verdict)[1:] == ["TA1*000000907*131031*1147*R*025", "IEA*0*000000042"]


def test_an_interchange_for_somebody_else_is_answered_under_our_own_name() -> None:
    """TA105 = 008: the id that the sender used is not ours to use."""
    profile = replace(ANYBODY, receivers=(("ZZ", "EXAMPLEPLAN"),))
    segments = written(only(ENROLLMENT, profile))
    assert segments[0].split("*")[5:9] == ["ZZ", "EXAMPLEPLAN    ", "ZZ", "ACMECORP       "]
    assert segments[1:2] == ["TA1*000000001*260401*1200*R*008"]


def test_each_group_has_a_999_of_its_own() -> None:
    """Groups between the same two applications share a functional group of ours, others have one for themselves."""
    second = ENROLLMENT[ENROLLMENT.index(b"GS*") : ENROLLMENT.index(b"IEA*")]
    other = second.replace(b"GS*BE*ACMECORP*", b"GS*BE*ACMEWEST*").replace(b"100001", b"100003")
    three = ENROLLMENT.replace(b"IEA*1*", second.replace(b"100001", b"100002") + other + b"IEA*3*")
    segments = written(only(three))
    assert [one for one in segments if one.startswith(("GS", "AK1", "ST", "GE"))] == [
        "GS*FA*HEALTHPLAN*ACMECORP*20260402*0930*42*X*005010X231A1",
        "ST*999*0001*005010X231A1",
        "AK1*BE*100001*005010X220A1",
        "ST*999*0002*005010X231A1",
        "AK1*BE*100002*005010X220A1",
        "GE*2*42",
        "GS*FA*HEALTHPLAN*ACMEWEST*20260402*0930*1000042*X*005010X231A1",
        "ST*999*0001*005010X231A1",
        "AK1*BE*100003*005010X220A1",
        "GE*1*1000042",
    ]
    assert accepted_by_pyx12("~".join([*segments, ""]).encode())


@pytest.mark.parametrize("request_ta1", [b"0", b"1"], ids=["not asked for a TA1", "asked for a TA1"])
def test_answers_are_not_answered(request_ta1: bytes) -> None:
    """A 999 is never answered by a 999, and nothing answers an interchange of TA1s."""
    acknowledgment = (CORPUS / "imsweb/x12_999_rejected.txt").read_bytes()
    acknowledgment = acknowledgment.replace(b"*095832987*0*T", b"*095832987*" + request_ta1 + b"*T")
    content = answer(only(acknowledgment), PAYER, 42, NOW)
    assert (b"TA1*" in (content or b""), b"999" in (content or b"")) == (request_ta1 == b"1", False)
    start, stop = ENROLLMENT.index(b"GS*"), ENROLLMENT.index(b"IEA*1")
    bare = ENROLLMENT[:start] + b"TA1*000000044*260401*1200*A*000~\n" + ENROLLMENT[stop:].replace(b"IEA*1", b"IEA*0")
    bare = bare.replace(b"*000000001*0*T", b"*000000001*" + request_ta1 + b"*T")
    assert answer(only(bare), PAYER, 42, NOW) is None


def test_separators_step_aside_for_what_is_quoted() -> None:
    """A sender with other separators may have ours inside an identifier."""
    odd = ENROLLMENT.replace(b":~", b">!").replace(b"~", b"!").replace(b"GS*BE*ACMECORP", b"GS*BE*ACME~C:^")
    content = answer(only(odd), PAYER, 42, NOW)
    assert content is not None
    assert b"*ACME~C:^*" in content
    assert scan(content).findings == []


def test_a_file_without_usable_parties_is_not_answered() -> None:
    """Nobody to send it to."""
    verdict = replace(only(ENROLLMENT), sender_id="")
    assert answer(verdict, PAYER, 42, NOW) is None


def test_no_value_of_a_segment_is_copied() -> None:
    """IK404 would be health data; so would be what stands in the place of a segment id."""
    spoilt = ENROLLMENT.replace(b"*19800515*F", b"*CANARY1*CANARY2").replace(b"HD*021", b"CANARY3~HD*CANARY4")
    content = answer(only(spoilt), PAYER, 42, NOW)
    assert content is not None
    assert b"~IK3*DMG*13**8~IK4*2*1251*8~IK4*3*1068*" in content
    assert b"CANARY" not in content


def test_same_arguments_same_bytes() -> None:
    """A repeated run sends what it sent before."""
    assert answer(only(CLAIMS), PAYER, 42, NOW) == answer(only(CLAIMS), PAYER, 42, NOW)


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: str(path.relative_to(CORPUS)))
def test_every_answer_to_the_corpus_is_valid(path: Path) -> None:
    """Our own scanner finds nothing in it, and pyx12 accepts every 999."""
    data = path.read_bytes()
    verdict = judge(scan(data), ANYBODY, bytes_reader(data))
    assert verdict.unreadable is None
    seen = set()
    for interchange in verdict.interchanges:
        repeated = (interchange.code, interchange.note, interchange.control_number, len(interchange.groups))
        content = answer(interchange, PAYER, 42, NOW, Quoting(bytes_reader(data), bad_data=True))
        if content is None or repeated in seen:
            continue
        seen.add(repeated)
        assert scan(content).findings == []
        if b"~GS*FA*" in content:
            assert accepted_by_pyx12(content)
