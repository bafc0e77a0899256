"""The rules of docs/domain.md on enrolment, clause by clause, and the stories that play each of them.

A clause is named by its section and by the place in its table; a story may play several. What cannot be told by 834
files alone names a test instead, as FILE::TEST under tests/.
"""

from __future__ import annotations

CLAUSES: dict[str, tuple[str, ...]] = {
    # 3.1 what a file is
    "3.1 BGN01 15 of what was applied": ("a-resubmission-of-what-was-applied-changes-nothing",),
    "3.1 BGN01 15 of what was not applied": (
        "a-resubmission-takes-the-place-of-the-original-that-is-held",
        "an-original-that-comes-after-its-resubmission-is-not-applied",
    ),
    "3.1 BGN01 22": ("an-information-copy-is-not-applied",),
    "3.1 BGN08 2": ("nobody-is-absent-from-a-file-of-changes", "an-addition-opens-a-span"),
    "3.1 BGN08 4": ("a-file-to-verify-is-compared-whatever-its-rows-say", "an-end-in-a-file-to-verify-is-compared"),
    "3.1 BGN08 4 by group policy": ("a-file-to-verify-is-applied-where-the-roster-is-the-truth",),
    "3.1 BGN08 RX": (
        "a-replacing-roster-applies-audit-rows",
        "a-line-that-the-roster-leaves-out-ends",
        "a-line-that-is-left-out-is-only-reported-where-the-group-says-nothing",
        "a-line-that-the-roster-names-for-nobody-stays",
        "no-line-ends-of-a-member-with-a-coverage-refused",
        "no-line-ends-of-a-member-whose-changes-contradict-each-other",
        "no-line-ends-by-a-roster-that-is-only-compared",
        "a-dependant-keeps-the-line-that-the-subscriber-loses",
        "many-lines-left-out-hold-the-file",
    ),
    "3.1 BGN08 overridden by group": (
        "a-full-roster-marked-as-changes-is-one-where-the-group-says-so",
        "changes-marked-as-a-full-roster-drop-nobody-where-the-group-says-so",
        "additions-are-compared-where-the-group-says-verify",
    ),
    "3.1 DTP as-of date": ("loaders/test_enrollment_reconcile.py::test_the_as_of_date_is_the_first_that_is_sent",),
    "3.1 QTY of a full file": (
        "a-full-roster-with-other-totals-is-refused",
        "a-replacing-roster-with-other-totals-is-refused",
    ),
    "3.1 QTY of changes": ("changes-with-other-totals-are-applied-with-a-warning",),
    # 3.3 who is meant; every rung has a case in loaders/test_enrollment_identity.py
    "3.3 ladder": ("loaders/test_enrollment_identity.py::test_the_person_on_file_is_found",),
    "3.3 ambiguous": ("two-who-fit-are-not-guessed-between",),
    "3.3 corrected identity": ("a-corrected-name-is-the-same-person", "a-corrected-birth-date-is-the-same-person"),
    "3.3 twins": ("twins-are-two", "a-twin-who-comes-later-is-somebody-new"),
    "3.3 never across subscribers": ("one-person-under-two-subscribers-stays-two",),
    "3.3 newborn": ("a-newborn-who-gets-a-name-is-the-same-person",),
    # 3.4 action table
    "3.4 021 opens": ("an-addition-opens-a-span", "other-lines-do-not-touch-each-other"),
    "3.4 021 equal start": ("an-addition-that-is-on-file-changes-nothing",),
    "3.4 021 earlier start": (
        "an-earlier-start-extends-back",
        "an-earlier-start-in-another-tier-leaves-the-tier-that-is-on-file",
        "an-old-row-inside-a-span-leaves-what-came-later",
    ),
    "3.4 021 other plan of the line": ("another-plan-of-the-line-ends-the-old-one-the-day-before",),
    "3.4 024 last covered day": ("an-end-is-the-last-covered-day", "an-end-on-the-first-day-leaves-that-day"),
    "3.4 024 first uncovered day": (
        "an-end-is-the-first-day-without-coverage-where-the-group-says-so",
        "an-end-on-the-first-day-without-coverage-may-be-the-first-day",
    ),
    "3.4 024 without 349, 357": (
        "without-349-the-end-is-that-of-eligibility",
        "without-349-the-end-is-that-of-eligibility-without-an-hd",
    ),
    "3.4 024 without 349 and 357, 303": (
        "without-349-the-end-is-that-of-the-coverages-maintenance",
        "without-349-the-end-is-that-of-the-members-maintenance",
        "without-349-the-end-is-that-of-maintenance-without-an-hd",
    ),
    "3.4 024 without any day": ("an-end-without-any-day-is-refused", "no-day-of-the-calendar-left-is-no-end"),
    "3.4 subscriber 024": (
        "a-subscribers-end-ends-the-dependants",
        "the-end-of-a-subscriber-is-told-of-each-dependant",
        "a-dependants-end-does-not-touch-the-subscriber",
    ),
    "3.4 subscriber 024, setting off": ("dependants-go-on-where-the-group-says-so",),
    "3.4 349 before 348": ("an-end-before-the-first-day-cancels-back-to-inception",),
    "3.4 HD01 002": (
        "hd01-002-cancels-back-to-inception",
        "hd01-002-of-one-line-leaves-the-others",
        "what-never-was-takes-along-a-dependant-who-came-later",
    ),
    "3.4 025 adjacent": ("a-reinstatement-without-a-gap-continues-the-span",),
    "3.4 025 after a gap": (
        "a-reinstatement-after-a-gap-opens-a-new-span",
        "a-reinstatement-that-takes-days-from-another-plan-says-so",
    ),
    "3.4 025 without HD": ("a-reinstatement-without-an-hd-loads-nothing",),
    "3.4 001 tier": ("a-change-of-tier-from-a-day-opens-a-new-span", "an-end-on-the-day-of-a-change-of-tier-is-an-end"),
    "3.4 001 plan": ("a-change-of-plan-from-a-day-opens-a-new-span",),
    "3.4 001 same day": ("a-correction-from-the-first-day-replaces-the-span",),
    "3.4 030 compares": (
        "an-audit-that-agrees-says-nothing",
        "an-audit-that-differs-is-told-and-not-applied",
        "an-audit-hd-under-a-change-is-only-compared",
    ),
    "3.4 030 applied by policy": ("an-audit-is-applied-where-the-roster-is-the-truth",),
    "3.4 repeated": ("an-addition-that-is-on-file-changes-nothing", "an-end-sent-twice-ends-once"),
    "3.4 adjacent spans merge": ("adjacent-spans-of-one-plan-and-tier-become-one",),
    "3.4 dependants inside the subscriber": ("a-dependant-covered-beyond-the-subscriber-is-told",),
    "3.4 changes of one coverage that contradict each other": (
        "changes-that-contradict-each-other-are-all-refused",
        "a-contradiction-in-one-line-leaves-the-other-line",
        "a-contradiction-with-the-subscribers-end-leaves-the-family-as-it-was",
        "a-contradiction-of-a-child-leaves-the-change-of-the-subscriber",
    ),
    # 3.5 full rosters
    "3.5 report only": (
        "an-absent-member-is-reported",
        "nobody-ends-by-a-roster-that-is-compared-though-the-group-says-now",
    ),
    "3.5 after n absences": (
        "one-absence-of-two-ends-nobody",
        "the-second-absence-in-a-row-ends",
        "somebody-who-was-seen-in-between-is-counted-anew",
        "the-same-roster-again-is-not-a-second-absence",
    ),
    "3.5 at once": (
        "an-absent-member-ends-at-the-month-before-where-the-group-says-now",
        "a-dependant-of-an-absent-subscriber-stays-as-the-roster-says",
    ),
    "3.5 end by group": ("an-absent-member-ends-on-the-day-where-the-group-says-so",),
    "3.5 warn": ("a-few-absent-are-a-warning", "exactly-the-share-that-warns-does-not-warn"),
    "3.5 hold": (
        "many-absent-hold-the-file",
        "many-of-a-small-group-are-not-many",
        "exactly-as-many-as-may-be-absent-do-not-hold",
        "one-more-than-may-be-absent-holds",
    ),
    "3.5 count swing": ("a-swing-of-the-count-holds-the-file", "a-swing-of-few-members-is-a-warning"),
    # 3.6 retroactive ends
    "3.6 within the limit": (
        "a-late-end-within-the-limit-is-applied",
        "an-end-on-the-last-day-of-the-limit-is-applied",
    ),
    "3.6 beyond the limit": (
        "an-end-beyond-the-limit-holds-the-file",
        "an-end-a-day-before-the-limit-holds-the-file",
        "an-absence-that-ends-beyond-the-limit-holds-the-file",
    ),
    "3.6 paid claims are listed": ("loaders/test_recoveries.py::test_paid_claims_of_lost_days_are_listed",),
    # 3.7 refused rows
    "3.7 row: unknown group": ("a-file-of-an-unknown-sponsor-is-held",),
    "3.7 row: no 0F": ("a-row-without-0f-is-refused",),
    "3.7 row: ambiguous identity": ("two-who-fit-are-not-guessed-between",),
    "3.7 row: unknown plan code": ("an-unknown-plan-code-is-one-finding-for-all-who-have-it",),
    "3.7 row: invalid birth date": (
        "a-row-without-a-birth-date-is-refused",
        "somebody-born-tomorrow-is-refused",
        "a-birth-date-that-is-no-day-is-refused",
    ),
    "3.7 row: 024 for an unknown member": ("an-end-of-nobody-is-refused", "a-change-of-nobody-is-refused"),
    "3.7 row: dependant without subscriber": (
        "a-dependant-of-nobody-is-refused",
        "a-dependant-may-stand-before-the-subscriber",
    ),
    "3.7 row: end before start": ("an-end-before-the-beginning-is-refused",),
    "3.7 row: retroactive beyond the limit": ("an-end-a-day-before-the-limit-holds-the-file",),
    # 3.7 warned and loaded
    "3.7 warn: address": ("a-subscriber-without-an-address-is-taken",),
    "3.7 warn: unknown provider": ("an-unknown-provider-is-told-and-left-out",),
    "3.7 warn: social security number": (
        "a-social-security-number-missing-is-told",
        "a-social-security-number-of-nines-is-told",
    ),
    "3.7 warn: gender U": ("an-unknown-gender-is-told",),
    "3.7 warn: over-age child": ("a-child-over-age-is-told",),
    "3.7 warn: 025 with nothing to reinstate": (
        "a-reinstatement-of-nothing-is-an-addition",
        "a-reinstatement-of-somebody-new-is-told-and-loaded",
    ),
    "3.7 warn: INS04 odd": ("a-reason-that-does-not-fit-is-told",),
    "3.2 TE or death without 024": (
        "an-employment-that-ended-without-a-termination-is-told",
        "a-death-without-a-termination-is-told",
        "an-end-with-death-is-no-reason-to-warn",
    ),
    "3.7 warn: tier does not fit the family": (
        "a-tier-is-told-at-the-subscriber-who-was-sent",
        "a-spouse-who-comes-without-the-subscribers-tier-is-told",
        "a-family-that-grows-with-its-tier-is-none-to-tell",
        "a-past-tier-is-not-told",
    ),
    # 3.7 refused files
    "3.7 file: totals": (
        "a-full-roster-with-other-totals-is-refused",
        "a-replacing-roster-with-other-totals-is-refused",
    ),
    "3.7 file: sponsor unknown": ("a-file-of-an-unknown-sponsor-is-held",),
    "3.7 file: older than the last applied": (
        "a-roster-older-than-the-last-one-is-held",
        "a-roster-of-a-day-far-ahead-is-held",
    ),
    "3.7 file: absence threshold": ("many-absent-hold-the-file",),
    "3.7 file: test file in production": (
        "a-test-file-in-production-changes-nothing",
        "loaders/enrolment_scenarios/test_scenarios.py::test_a_test_file_in_production_is_answered_as_such",
    ),
    # 3.7 habits of senders
    "3.7 habit: full roster as changes": (
        "a-full-roster-marked-as-changes-drops-nobody",
        "a-full-roster-marked-as-changes-is-one-where-the-group-says-so",
    ),
    "3.7 habit: changes as full roster": ("changes-marked-as-a-full-roster-drop-nobody-where-the-group-says-so",),
    "3.7 habit: everybody 030 forever": (
        "everybody-030-forever-changes-nothing",
        "somebody-new-who-is-only-audited-is-not-enrolled",
        "somebody-new-who-is-only-audited-is-enrolled-where-the-roster-is-the-truth",
    ),
    "3.7 habit: 024 without 349": ("without-349-the-end-is-that-of-eligibility", "an-end-without-any-day-is-refused"),
    "3.7 habit: dependant's 0F is another": ("a-dependants-number-that-is-not-the-subscribers-is-refused",),
    "3.7 habit: numbers swapped": (
        "number-and-social-security-number-swapped-find-nobody",
        "numbers-swapped-on-an-addition-make-nobody-new",
    ),
    "3.7 habit: end is the first uncovered day": ("an-end-is-the-first-day-without-coverage-where-the-group-says-so",),
    "3.7 habit: new plan codes at renewal": (
        "a-new-plan-code-at-renewal-is-refused-once-and-the-old-coverage-stays",
        "a-roster-with-new-plan-codes-ends-nobody",
    ),
    "3.7 habit: another plan under the same code at renewal": (
        "who-is-sent-again-after-the-renewal-is-there-already",
        "loaders/enrolment_scenarios/test_renewals.py::test_who_is_not_sent_stays_in_the_plan_before",
        "loaders/enrolment_scenarios/test_renewals.py::test_who_was_there_before",
    ),
    "3.7 habit: a new code with the old first day": ("a-new-code-with-the-old-first-day-holds-from-its-own-first-day",),
    "3.7 habit: one person under two subscribers": ("one-person-under-two-subscribers-stays-two",),
    "3.7 habit: newborn corrected later": ("a-newborn-who-gets-a-name-is-the-same-person",),
    "3.7 habit: twins merged": ("twins-are-two", "a-twin-who-comes-later-is-somebody-new"),
    "3.7 habit: two HD of one HD03": (
        "two-hds-of-a-line-in-one-member-stand-beside-each-other",
        "two-hds-of-a-line-that-overlap-end-the-first-and-say-so",
        "the-very-same-hd-twice-in-a-row-is-one",
        "end-and-addition-of-a-plan-change-meet-without-a-word",
    ),
    "3.7 habit: address change as end and addition": ("an-address-change-as-end-and-addition-leaves-the-span",),
    "3.7 habit: end to come cancelled by sending again": (
        "an-end-to-come-is-cancelled-by-sending-the-member-again",
        "an-end-to-come-is-cancelled-whatever-tier-came-with-the-first-day",
        "an-end-that-is-past-stays-when-the-member-is-sent-again",
    ),
    "3.7 habit: leading zeros lost": (
        "leading-zeros-lost-are-told-and-nobody-is-merged",
        "leading-zeros-lost-on-an-addition-make-nobody-new",
    ),
    # 3.7 continued coverage
    "3.7 COBRA is a new span": (
        "cobra-is-a-new-span-after-the-active-one",
        "cobra-ends-active-coverage-that-nobody-ended",
        "an-end-of-cobra-leaves-the-active-days",
    ),
    "3.7 COBRA 341": ("cobra-ends-with-341",),
    "3.7 COBRA is linked to the active span": (
        "loaders/test_coverage_rules.py::test_cobra_is_a_span_of_its_own_that_continues_the_active_one",
    ),
    # 3.8 what the report tells of changes that are no coverage
    "3.8 one finding for a missing row": ("an-unknown-plan-code-is-one-finding-for-all-who-have-it",),
    "3.8 effective dates": (
        "a-code-means-the-plan-of-the-first-day-sent",
        "a-code-on-a-day-without-a-plan-is-told-as-known-on-others",
        "somebody-new-whose-coverage-spans-the-renewal-gets-both-plans",
    ),
    "3.8 divisions": (
        "a-division-of-the-coverage-goes-by-its-own-entries",
        "who-is-of-another-division-goes-by-the-general-entries",
        "a-division-on-file-holds-for-rows-that-do-not-say-it",
    ),
    "report: what else changes of a member": (
        "a-reference-alone-that-changes-is-a-change",
        "a-reference-that-is-told-again-is-none",
        "two-rows-of-one-who-changes-are-both-a-change",
        "a-provider-alone-who-changes-is-a-change",
    ),
}
