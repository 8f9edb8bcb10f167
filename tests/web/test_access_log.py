"""The file of the access log, when the disk does not do what it should."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from officegraph.web.access_log import AccessLog


def write(log: AccessLog) -> None:
    log.write(method="GET", route="resource", status=200, size=1, seconds=0.001, query=None, outcome=None)


@pytest.fixture
def complaints(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(logging.getLogger("officegraph"), "propagate", True)
    return caplog


def test_a_full_disk_costs_lines_and_no_more(complaints: pytest.LogCaptureFixture) -> None:
    log = AccessLog(Path("/dev/full"))
    for _ in range(100):
        write(log)
        log.follow()
    log.close()
    (said,) = complaints.messages
    assert "cannot be written" in said


def test_a_log_whose_folder_goes_and_comes_back_is_begun_anew(
    tmp_path: Path, complaints: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    log = AccessLog(folder / "access.log")
    write(log)
    (folder / "access.log").unlink()
    folder.rmdir()
    for _ in range(3):
        log.follow()
        write(log)
    assert len(complaints.messages) == 1
    folder.mkdir()
    log.follow()
    write(log)
    log.close()
    (line,) = (folder / "access.log").read_text("utf-8").splitlines()
    assert json.loads(line)["status"] == 200
