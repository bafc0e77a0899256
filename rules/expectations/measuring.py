"""Great Expectations itself, kept on a short leash: no analytics, no home folder, no values, no progress bars."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from edi.trouble import Final
from rules.expectations.catalogue import EXPECTATIONS, WHOLE, Expectation, Given, Severity, Tolerances
from rules.expectations.outcome import ExpectationResult

COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
"""Richer formats put failing values into results and Data Docs, and so does BASIC with examples."""
COUNTS = frozenset(
    {
        "element_count",
        "missing_count",
        "missing_percent",
        "unexpected_count",
        "unexpected_percent",
        "unexpected_percent_nonmissing",
        "unexpected_percent_total",
    }
)
SITE = "data_docs"
STORE = "counts"
"""Folder beside the pages with the results they are made of."""
PAGES_LISTED = 200
"""The index lists the newest; older pages stay where they are."""


class ExpectationNotMeasured(Final):
    """Great Expectations failed on an expectation. What it said is left out: it may quote a value."""


def evaluate(
    frames: Mapping[str, pd.DataFrame],
    severities: Mapping[str, Severity],
    data_docs: Path,
    run_name: str,
    as_of: date,
    tolerances: Tolerances,
) -> list[ExpectationResult]:
    """Measure the expectations on the frames of their tables and write their pages.

    Raises:
        ExpectationNotMeasured: with the id of the expectation.
    """
    gx = _great_expectations()
    data_docs = data_docs.resolve()
    data_docs.mkdir(parents=True, exist_ok=True)
    checked: dict[str, Any] = {}
    with _quiet():
        context = gx.get_context(mode="ephemeral", project_config=_project(gx, data_docs))
        source = context.data_sources.add_pandas("translated")
        for table, frame in frames.items():
            chosen = [each for each in EXPECTATIONS.values() if each.table == table and severities[each.id] != "off"]
            if not chosen:
                continue
            suite = context.suites.add(_suite(gx, table, chosen, severities, as_of, tolerances))
            batch = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("rows")
            try:
                checked[table] = batch.get_batch({"dataframe": frame}).validate(suite, result_format=COUNTS_ONLY)
            except Exception:  # noqa: BLE001 - becomes ours, without its words, which may quote a value
                raise ExpectationNotMeasured(f"the expectations on {table} could not be measured") from None
        found = [_read(result, severities) for suite in checked.values() for result in suite.results]
        if checked:
            with _alone_in(data_docs):
                pages = [_keep(gx, context, checked[table], table, run_name, as_of) for table in checked]
                context.build_data_docs(site_names=[SITE], resource_identifiers=[key for keys in pages for key in keys])
    return found


def _great_expectations() -> ModuleType:
    """Import it without analytics; its import of retired parts of `re` and its hold on warnings are undone."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="module 'sre_", category=DeprecationWarning)
        import great_expectations as gx  # noqa: PLC0415 - costs three to five seconds
        import great_expectations.expectations  # noqa: PLC0415 - as above

        logging.captureWarnings(capture=False)
    module: ModuleType = gx
    return module


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing of a library that handles rows of persons goes into our logs."""
    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One process at a time: building the index removes pages whose results it has not seen yet."""
    import fcntl  # noqa: PLC0415 - where there is no fcntl, everything else of this package still works

    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _project(gx: ModuleType, data_docs: Path) -> Any:  # noqa: ANN401 - the library has no types
    """A project in memory, but for the counts and pages under `data_docs`."""
    types = gx.data_context.types.base
    stores = types.InMemoryStoreBackendDefaults()
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(data_docs / STORE)}
    stores.stores[stores.validation_results_store_name]["store_backend"] = backend
    limit = {"class_name": "DefaultSiteIndexBuilder", "validation_results_limit": PAGES_LISTED}
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "site_index_builder": limit,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(data_docs)},
    }
    return types.DataContextConfig(
        store_backend_defaults=stores,
        data_docs_sites={SITE: site},
        progress_bars=types.ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )


def _suite(
    gx: ModuleType,
    table: str,
    chosen: list[Expectation],
    severities: Mapping[str, Severity],
    as_of: date,
    tolerances: Tolerances,
) -> Any:  # noqa: ANN401 - as above
    made = []
    for each in chosen:
        arguments = {name: _argument(value, pd.Timestamp(as_of)) for name, value in each.arguments.items()}
        # a share is compared with a share: both are the nearest number to the same quotient
        arguments["mostly"] = (WHOLE - tolerances[each.id]) / WHOLE
        measure = getattr(gx.expectations, each.kind)
        severity = "critical" if severities[each.id] == "hold" else "warning"
        made.append(
            measure(
                **arguments,
                description=each.meaning,
                severity=severity,
                meta={"expectation": each.id},
            )
        )
    return gx.ExpectationSuite(name=table, expectations=made)


def _argument(value: object, as_of: pd.Timestamp) -> object:
    """An argument of the catalogue as Great Expectations compares it."""
    year = pd.DateOffset(years=1)
    given = {Given.AS_OF: as_of, Given.YEAR_BEFORE: as_of - year, Given.YEAR_AFTER: as_of + year}
    if isinstance(value, Given):
        return given[value]
    return pd.Timestamp(value) if isinstance(value, date) else value


def _read(result: Any, severities: Mapping[str, Severity]) -> ExpectationResult:  # noqa: ANN401 - as above
    expectation = result.expectation_config.meta["expectation"]
    if result.exception_info.get("raised_exception", True):
        raise ExpectationNotMeasured(f"{expectation} could not be measured")
    return ExpectationResult(
        expectation=expectation,
        severity=severities[expectation],
        success=bool(result.success),
        unexpected_count=int(result.result["unexpected_count"]),
        element_count=int(result.result["element_count"]),
    )


def _keep(
    gx: ModuleType,
    context: Any,  # noqa: ANN401 - as above
    checked: Any,  # noqa: ANN401 - as above
    table: str,
    run_name: str,
    as_of: date,
) -> list[Any]:
    """Store the counts under the run's name; what else the library noted, such as a hash of the rows, is dropped."""
    received = datetime.combine(as_of, time(), UTC)
    run = gx.core.run_identifier.RunIdentifier(run_name=run_name, run_time=received)
    for result in checked.results:
        result.expectation_config.id = None  # drawn at random: the same run again makes the same page
        result.result = {name: value for name, value in result.result.items() if name in COUNTS}
    checked.meta = {
        "great_expectations_version": gx.__version__,
        "run_id": run,
        "validation_time": received.isoformat(),
    }
    identifiers = gx.data_context.types.resource_identifiers
    suite = identifiers.ExpectationSuiteIdentifier(name=table)
    page = identifiers.ValidationResultIdentifier(
        expectation_suite_identifier=suite, run_id=run, batch_identifier=table
    )
    context.validation_results_store.set(page, checked)
    return [suite, page]
