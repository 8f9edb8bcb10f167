"""The mapped table gives back exactly what was put in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from officegraph.release.table import Table, TableError, TableWriter

KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.dictionaries(KEYS, st.binary(max_size=200), max_size=50), other=KEYS)
def test_every_key_finds_its_record_and_no_other_key_finds_one(
    tmp_path: Path, content: dict[str, bytes], other: str
) -> None:
    path = tmp_path / "x.table"
    path.unlink(missing_ok=True)
    with TableWriter(path) as writer:
        for key, record in content.items():
            writer.add(key, record)

    table = Table(path)

    assert {key: bytes(table.get(key) or b"") for key in table} == content
    assert list(table) == list(content)
    assert len(table) == len(content)
    assert (other in table) == (other in content)
    table.close()


def test_a_key_that_is_no_unicode_text_is_absent(tmp_path: Path) -> None:
    with TableWriter(tmp_path / "x.table") as writer:
        writer.add("a", b"1")
    assert Table(tmp_path / "x.table").get("\ud800") is None


def test_the_same_key_twice_is_refused(tmp_path: Path) -> None:
    with TableWriter(tmp_path / "x.table") as writer:
        writer.add("a", b"1")
        with pytest.raises(ValueError, match="already"):
            writer.add("a", b"2")


@pytest.mark.parametrize("keep", [0, 10, 39, 45, -1])
def test_a_table_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "x.table"
    with TableWriter(path) as writer:
        writer.add("a", b"1" * 100)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(TableError):
        Table(path)


def test_a_record_stays_readable_after_the_table_is_closed(tmp_path: Path) -> None:
    with TableWriter(tmp_path / "x.table") as writer:
        writer.add("a", b"still here")
    table = Table(tmp_path / "x.table")
    record = table.get("a")
    table.close()
    assert record == b"still here"
