"""The configuration: the variable beats the file, the file the default; errors name the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from dancu.operation import config, reference
from dancu.operation.errors import ConfigurationError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dancu.toml"


def test_without_anything_the_defaults_hold(file: Path) -> None:
    file.write_text("")
    found = config.load(environ={}, file=file)
    assert found.address == "http://127.0.0.1:8006/"
    assert found.city.people == 100_000


def test_a_variable_beats_the_file_and_the_file_the_default(file: Path) -> None:
    file.write_text('[web]\nport = 9000\nworkers = 3\nallowed_hosts = ["a.vn"]\n')
    found = config.load(environ={"DANCU_WEB_PORT": "9001"}, file=file)
    assert (found.web.port, found.web.workers, found.web.threads) == (9001, 3, 8)
    assert found.web.allowed_hosts == ("a.vn",)


def test_lists_and_truth_come_from_variables_too(file: Path) -> None:
    file.write_text("")
    environ = {"DANCU_WEB_ALLOWED_HOSTS": "a.vn, b.vn", "DANCU_WEB_HTTPS": "Yes"}
    found = config.load(environ=environ, file=file)
    assert found.web.allowed_hosts == ("a.vn", "b.vn")
    assert found.web.https is True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[web]\nport = 'many'", ["web.port", "whole number"]),
        ("[web]\nport = true", ["web.port", "whole number"]),
        ("[web]\nport = 70000", ["web.port", "from 1 to 65535", "70000"]),
        ("[web]\nprot = 1", ["web.prot", "is no setting", "port"]),
        ("[wep]\nport = 1", ["[wep]", "is no section"]),
        ("web = 1", ["[web]"]),
        ("[web]\nhttps = 'on'", ["web.https", "true or false"]),
        ("[web]\nallowed_hosts = 'a.vn'", ["web.allowed_hosts", "list"]),
        ("[web]\nallowed_hosts = ['a b']", ["web.allowed_hosts", "'a b'"]),
        ("[web]\ntrusted_origins = ['dancu.vn']", ["web.trusted_origins", "https://"]),
        ("[web]\nmetrics_from = ['10.0.0.0/99']", ["web.metrics_from", "10.0.0.0/99"]),
        ("[log]\nlevel = 'LOUD'", ["log.level", "DEBUG", "LOUD"]),
        ("[database]\nurl = 'mysql://x/y'", ["database.url", "postgresql://"]),
        ("[database]\nurl = 'postgresql://host'", ["database.url", "names no database"]),
        ("[web\nport = 1", ["TOML", "dancu.toml"]),
    ],
)
def test_an_error_names_the_setting_and_what_is_wrong(
    file: Path, text: str, words: list[str]
) -> None:
    file.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        config.load(environ={}, file=file)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.remedy


def test_every_error_is_told_at_once(file: Path) -> None:
    file.write_text("[web]\nport = 0\nworkers = 0\n")
    with pytest.raises(ConfigurationError) as caught:
        config.load(environ={"DANCU_JOBS_CONCURRENCY": "x"}, file=file)
    for name in ("web.port", "web.workers", "jobs.concurrency", "DANCU_JOBS_CONCURRENCY"):
        assert name in str(caught.value)


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        config.load(environ={"DANCU_CONFIG": str(tmp_path / "absent.toml")})


def test_an_error_never_shows_a_secret(file: Path) -> None:
    file.write_text("")
    with pytest.raises(ConfigurationError) as caught:
        config.load(environ={"DANCU_SECRET_KEY": "hunter2"}, file=file)
    assert "web.secret_key" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_what_is_printed_has_no_secret(file: Path) -> None:
    file.write_text("")
    environ = {
        "DATABASE_URL": "postgresql://anna:hunter2@db.vn:5433/dancu",
        "DANCU_SECRET_KEY": "k" * 40,
    }
    shown = config.effective(config.load(environ=environ, file=file))
    assert shown["database.url"] == "postgresql://anna@db.vn:5433/dancu"
    assert shown["web.secret_key"] == "(set)"
    assert "hunter2" not in str(shown)


def test_the_sample_file_is_valid_and_changes_nothing(file: Path) -> None:
    file.write_text(reference.sample())
    assert config.load(environ={}, file=file) == config.load(environ={}, file=Path("/dev/null"))
    uncommented = "\n".join(
        line[1:] if line.startswith("#") and not line.startswith("# ") else line
        for line in reference.sample().splitlines()
    )
    file.write_text(uncommented)
    assert config.load(environ={}, file=file) == config.Config(var=config.load(environ={}).var)


def test_a_variable_that_is_nearly_a_setting_is_named(file: Path) -> None:
    file.write_text("")
    with pytest.raises(ConfigurationError) as caught:
        config.load(environ={"DANCU_WEB_PROT": "1", "DANCU_SOMETHING": "x"}, file=file)
    assert "DANCU_WEB_PROT is no setting; [web] has" in str(caught.value)
    assert "DANCU_WEB_PORT" in str(caught.value)
    assert "DANCU_SOMETHING" not in str(caught.value)


def test_two_servers_do_not_share_a_port(file: Path) -> None:
    file.write_text("")
    environ = {"DANCU_DATABASE_PORT": "9000", "DANCU_WEB_PORT": "9000"}
    with pytest.raises(ConfigurationError, match=r"web\.port and database\.port are all 9000"):
        config.load(environ=environ, file=file)
    assert (
        config.load(environ=environ | {"DATABASE_URL": "postgresql://h/n"}, file=file).web.port
        == 9000
    )


def test_a_site_must_answer_somebody(file: Path) -> None:
    file.write_text("")
    with pytest.raises(ConfigurationError, match="answer nobody"):
        config.load(environ={"DANCU_WEB_ALLOWED_HOSTS": ""}, file=file)
