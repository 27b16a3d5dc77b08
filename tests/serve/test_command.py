"""The command `samestory serve` before and around the server: what it says, and what it refuses."""

import logging
import socket
import sys

import pytest
import uvicorn

from toolkit import cli

LOG = logging.getLogger("toolkit.serve.jobs")


@pytest.fixture
def run(capsys, monkeypatch):
    """Runs the command with a server that ends at once, after it has logged a fault: exit code, stdout, stderr."""
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_, **__: LOG.error("a fault of ours"))

    def call(*args):
        code = cli.main(["serve", "--port", "0", *map(str, args)])
        return code, *capsys.readouterr()

    return call


def test_it_says_where_it_is_and_logs_on_the_terminal(run, tmp_path):
    code, out, err = run("--keep", tmp_path / "new")
    assert code == 0
    assert out.startswith("samestory serves at http://127.0.0.1:")
    assert f"every result is kept in {tmp_path / 'new'}" in out
    assert "toolkit.serve.jobs: a fault of ours" in err
    assert "password" not in err
    assert run()[2].count("a fault of ours") == 1  # the first run's handler is gone


def test_it_warns_where_others_can_reach_it(run):
    code, _, err = run("--host", "0.0.0.0")
    assert code == 0
    assert "there is no password and no encryption" in err


def test_an_address_of_the_newer_kind_stands_in_brackets(run):
    code, out, err = run("--host", "::1")
    if code == 2 and "cannot listen" in err:
        pytest.skip("no IPv6 here")
    assert "http://[::1]:" in out


def test_what_cannot_work_is_told_before_it_starts(run, tmp_path):
    (tmp_path / "file").write_text("x: 1")
    for args, said in (
        (("--keep", tmp_path / "file"), f"--keep {tmp_path / 'file'}: cannot be written"),
        (("--config", tmp_path / "file"), "unknown option 'x'"),
        (("--config", tmp_path / "none"), "cannot be read"),
        (("--host", "no.such.host.invalid"), "cannot listen at no.such.host.invalid:0"),
    ):
        code, out, err = run(*args)
        assert (code, out) == (2, "")
        assert said in err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = run("--port", taken.getsockname()[1])
    assert code == 2
    assert "give another --port" in err


def test_a_missing_extra_says_how_to_install_it(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    code, _, err = run()
    assert code == 2
    assert "pip install 'samestory[serve]'" in err
