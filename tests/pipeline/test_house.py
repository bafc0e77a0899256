from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from edi.trouble import Final, Retryable
from loaders import server
from pipeline.clock import ClockProblem, SimulatedClock
from pipeline.configuration import ConfigurationProblem
from pipeline.house import ConnectionUnknown, House, PartnerUnknown, WarehouseStopped, open_house, warehouse_url
from sftp.keys import KeyPair, make_key_pair
from sftp.server import ServerSettings, serve
from sftp.settings import Endpoint

DEMO = Path(__file__).parents[2] / "examples" / "demo" / "config"


@pytest.fixture
def url(fresh_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The url of an empty warehouse, named by the environment."""
    made = fresh_database()
    monkeypatch.setenv("EDI_WAREHOUSE_URL", made)
    return made


@pytest.fixture
def house(url: str, tmp_path: Path) -> Iterator[House]:
    """A house with the demo's configuration."""
    assert url
    with open_house(DEMO, tmp_path) as opened:
        yield opened


@pytest.fixture
def pair(tmp_path: Path) -> KeyPair:
    """A key pair to log in with."""
    return make_key_pair(tmp_path / "key")


def test_the_environment_describes_the_house(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """EDI_CONFIG, EDI_VAR and EDI_WAREHOUSE_URL are all that a step needs to know."""
    monkeypatch.setenv("EDI_CONFIG", str(DEMO))
    monkeypatch.setenv("EDI_VAR", str(tmp_path / "elsewhere"))
    with open_house() as house:
        assert house.configuration.environment == "demo"
        assert house.runs == tmp_path / "elsewhere" / "runs"
        assert url.endswith(house.warehouse.place)
        with house.warehouse.begin():
            pass


def test_the_embedded_warehouse_is_found_without_a_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Path
) -> None:
    """Where EDI_WAREHOUSE_URL is not set, the server under var/ is the warehouse."""
    monkeypatch.delenv("EDI_WAREHOUSE_URL", raising=False)
    (tmp_path / "warehouse").symlink_to(postgres)
    assert warehouse_url(tmp_path) == server.running(postgres)


def test_a_stopped_warehouse_is_said_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to do, and a task may try again."""
    monkeypatch.delenv("EDI_WAREHOUSE_URL", raising=False)
    with pytest.raises(WarehouseStopped, match="edi warehouse start") as caught:
        open_house(DEMO, tmp_path)
    assert isinstance(caught.value, Retryable)


def test_a_broken_configuration_opens_no_house(url: str, tmp_path: Path) -> None:
    """Nothing runs on half a configuration."""
    assert url
    with pytest.raises(ConfigurationProblem):
        open_house(tmp_path, tmp_path)


def test_the_demo_lives_on_its_own_clock(url: str, tmp_path: Path) -> None:
    """The simulated instant is what steps are told."""
    assert url
    SimulatedClock(tmp_path / "clock").set(datetime(2026, 6, 8, 2, tzinfo=UTC))
    with open_house(DEMO, tmp_path) as house:
        assert house.now() == datetime(2026, 6, 8, 2, tzinfo=UTC)
        assert house.today() == date(2026, 6, 7)


def test_production_refuses_a_simulated_clock(url: str, tmp_path: Path) -> None:
    """A clock file left behind must not date claims."""
    assert url
    config = tmp_path / "config"
    shutil.copytree(DEMO, config)
    text = (config / "settings.yaml").read_text()
    (config / "settings.yaml").write_text(text.replace("environment: demo", "environment: production"))
    SimulatedClock(tmp_path / "clock").set(datetime(2026, 6, 8, 2, tzinfo=UTC))
    with pytest.raises(ClockProblem):
        open_house(config, tmp_path)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 1, 6, 4, 59, 59, tzinfo=UTC), date(2026, 1, 5)),
        (datetime(2026, 1, 6, 5, tzinfo=UTC), date(2026, 1, 6)),
        (datetime(2026, 7, 6, 3, 59, 59, tzinfo=UTC), date(2026, 7, 5)),
        (datetime(2026, 7, 6, 4, tzinfo=UTC), date(2026, 7, 6)),
    ],
    ids=["winter, before midnight", "winter, midnight", "summer, before midnight", "summer, midnight"],
)
def test_the_day_of_receipt_is_the_plans(house: House, instant: datetime, day: date) -> None:
    """A file that arrives at 11 pm at the plan is received that day, whatever UTC calls it."""
    assert house.received_date(instant) == day


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 7, 6, 20, 59, 59, tzinfo=UTC), date(2026, 7, 6)),
        (datetime(2026, 7, 6, 21, tzinfo=UTC), date(2026, 7, 7)),
        (datetime(2026, 7, 7, 3, 58, tzinfo=UTC), date(2026, 7, 7)),
        (datetime(2026, 7, 7, 4, tzinfo=UTC), date(2026, 7, 7)),
    ],
    ids=["before the cut-off", "at the cut-off", "before midnight", "after midnight"],
)
def test_a_cut_off_moves_receipt_to_the_next_day(house: House, instant: datetime, day: date) -> None:
    """domain.md 4.6: a plan may close its day before midnight; decisions and payments keep the calendar's."""
    closing = replace(house.configuration.plan, receipt_cut_off=time(17))
    early = replace(house, configuration=replace(house.configuration, plan=closing))
    assert early.receipt_date(instant) == day
    assert house.receipt_date(instant) == early.received_date(instant)


def test_partners_that_send_are_visited(house: House) -> None:
    """In a fixed order."""
    assert house.delivering_partners() == ["acme", "clearlink", "harborbank", "riverclinic"]


def test_an_unknown_partner_is_named_with_the_known_ones(house: House) -> None:
    """A slip on the command line is easily seen."""
    with pytest.raises(PartnerUnknown, match=r"'acne'.*acme, clearlink, harborbank, riverclinic") as caught:
        house.partner("acne")
    assert isinstance(caught.value, Final)


def test_the_environment_names_a_partners_server(
    house: House, tmp_path: Path, pair: KeyPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EDI_SFTP_<PARTNER> is enough to reach its folders."""
    settings = ServerSettings(tmp_path / "home", tmp_path / "host", {"acme": (pair.public_line,)})
    with serve(settings) as running:
        (running.home("acme") / "in").mkdir()
        (running.home("acme") / "in" / "a.x12").write_bytes(b"ISA")
        where = f"sftp://acme@127.0.0.1:{running.port}?key={pair.private_file}"
        monkeypatch.setenv("EDI_SFTP_ACME", f"{where}&host_key={running.host_key_line.replace(' ', '%20')}")
        with house.remote("acme") as remote:
            assert [file.path for file in remote.list("in").files] == ["in/a.x12"]


@pytest.mark.parametrize("name", ["acme", "edi_sftp_acme"])
def test_the_caller_may_name_a_partners_server(
    url: str, tmp_path: Path, pair: KeyPair, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """By partner or by connection id; it goes before the environment, which may be another world's."""
    assert url
    monkeypatch.setenv("EDI_SFTP_ACME", "not even a url")
    settings = ServerSettings(tmp_path / "home", tmp_path / "host", {"acme": (pair.public_line,)})
    with serve(settings) as running:
        endpoints = {name: running.endpoint("acme", pair.private_file)}
        with open_house(DEMO, tmp_path, endpoints) as house, house.remote("acme") as remote:
            assert remote.list("").files == ()


def test_no_server_named_says_how_to_name_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways: the variable and the Airflow connection."""
    monkeypatch.delenv("EDI_SFTP_ACME", raising=False)
    with pytest.raises(ConnectionUnknown, match=r"EDI_SFTP_ACME .*'edi_sftp_acme'") as caught:
        house.remote("acme")
    assert isinstance(caught.value, Final)


def test_endpoints_may_be_looked_up_anywhere(url: str, tmp_path: Path, pair: KeyPair) -> None:
    """Whatever has `get` will do: Airflow's connections are asked by connection id first."""
    assert url
    asked: list[str] = []

    class Connections:
        def get(self, connection_id: str, /) -> Endpoint | None:
            asked.append(connection_id)
            if connection_id != "edi_sftp_acme":
                return None
            return Endpoint("127.0.0.1", "acme", (pair.public_line,), key_file=pair.private_file, port=1)

    with open_house(DEMO, tmp_path, Connections()) as house:
        house.remote("acme").close()
    assert asked == ["edi_sftp_acme"]
