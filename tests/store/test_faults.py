"""Damaged, missing, foreign, locked and unwritable stores: one clear StoreError, and nothing is lost."""

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import made
import pytest
from naive import DAY

from circlegraph.circles.run import contact_circles
from circlegraph.errors import SettingsError, StoreError
from circlegraph.graph.make import contact_graph
from circlegraph.resources import Resources
from circlegraph.store.store import Store

NAMES = made.town_names()
ROWS = made.town(41, days=3, events_a_day=40)
FIRST = ROWS[0].start // DAY
ONE = Resources(threads=1)
STEPS = int(os.environ.get("CIRCLEGRAPH_DAMAGES", "60"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "store")
    store.append(made.frame(ROWS, NAMES), resources=ONE)
    return store


def fails(work: Any, words: str) -> None:
    with pytest.raises(StoreError, match=words) as error:
        work()
    assert "\n" not in str(error.value)
    assert not any(name in str(error.value) for name in NAMES.values())


class TestNoStore:
    def test_nothing_there(self, tmp_path: Path) -> None:
        fails(lambda: Store(tmp_path / "none"), "no contact store here")
        fails(lambda: Store(tmp_path), "no contact store here")

    def test_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "calls.csv"
        path.write_text("caller,callee\n")
        fails(lambda: Store(path), "no contact store here")
        fails(lambda: Store.create(path), "cannot be made")

    def test_a_folder_that_holds_something(self, store: Store, tmp_path: Path) -> None:
        fails(lambda: Store.create(store.path), "not empty")
        fails(lambda: Store.create(tmp_path), "not empty")

    def test_an_empty_folder_will_do(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert Store.create(tmp_path / "empty").days == []
        assert Store.create(tmp_path / "a" / "b").manifest.generation == 0


class TestManifest:
    @pytest.mark.parametrize(
        "text",
        ["", "{", "[]", "null", "7", '"text"', "{}", '{"version": 2}', "\ufffd", '{"version": 2, "days": 5}'],
    )
    def test_damaged(self, store: Store, text: str) -> None:
        (store.path / "manifest.json").write_text(text, encoding="utf-8")
        fails(lambda: Store(store.path), "manifest is damaged")
        fails(lambda: store.append(made.frame(ROWS, NAMES)), "manifest is damaged")

    def test_no_text_at_all(self, store: Store) -> None:
        (store.path / "manifest.json").write_bytes(bytes(range(256)))
        fails(lambda: Store(store.path), "manifest is damaged")

    @pytest.mark.parametrize("length", [1, 100, 500])
    def test_cut_short(self, store: Store, length: int) -> None:
        path = store.path / "manifest.json"
        path.write_bytes(path.read_bytes()[:-length])
        fails(lambda: Store(store.path), "manifest is damaged")

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('"2024-01-02": {', '"2024-01-22": {'),
            ('"accepted": 1', '"accepted": 2'),
            ('"sha256": "', '"sha256": "0'),
        ],
    )
    def test_any_change_is_found(self, store: Store, old: str, new: str) -> None:
        path = store.path / "manifest.json"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
        fails(lambda: Store(store.path), "manifest is damaged")
        fails(store.verify, "manifest is damaged")

    def test_a_manifest_without_its_checksum(self, store: Store) -> None:
        path = store.path / "manifest.json"
        raw = json.loads(path.read_text())
        del raw["sha256"]
        path.write_text(json.dumps(raw))
        fails(lambda: Store(store.path), "manifest is damaged")

    @pytest.mark.parametrize("version", [1, 99])
    def test_another_version(self, store: Store, version: int) -> None:
        path = store.path / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"version": version}))
        fails(lambda: Store(store.path), f"version {version}.* reads version 2; build it anew")

    def test_numbers_of_another_country(self, store: Store) -> None:
        rows = made.frame(ROWS, NAMES)
        with pytest.raises(SettingsError, match="home country 86, and these CDRs are read for 44"):
            store.append(rows, country="44")
        assert store.append(rows).accepted == 0

    def test_only_numbers_that_are_held_settle_the_country(self, tmp_path: Path) -> None:
        store = Store.create(tmp_path / "new")
        store.append(made.frame(ROWS, NAMES)[:0], country="44")
        assert store.append(made.frame(ROWS, NAMES)).accepted == len(ROWS)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_unreadable(self, store: Store) -> None:
        (store.path / "manifest.json").chmod(0)
        fails(lambda: Store(store.path), "cannot be read")


def day_file(store: Store, kind: str, day: int = 1) -> Path:
    return store.path / getattr(list(store.manifest.days.values())[day], kind).name


class TestFiles:
    @pytest.mark.parametrize("kind", ["contacts", "events"])
    def test_missing(self, store: Store, kind: str) -> None:
        day_file(store, kind).unlink()
        fails(store.verify, "cannot be read")
        if kind == "contacts":
            fails(lambda: contact_graph(store), "cannot be read")
            fails(lambda: contact_circles(store, "2024-01-02"), "cannot be read")
        else:
            fails(lambda: store.append(made.frame(ROWS, NAMES), resources=ONE), "cannot be read")

    @pytest.mark.parametrize("kind", ["contacts", "events"])
    def test_cut_short(self, store: Store, kind: str) -> None:
        path = day_file(store, kind)
        path.write_bytes(path.read_bytes()[:-9])
        fails(store.verify, "has changed")
        fails(lambda: read_all(store), "has changed")

    @pytest.mark.parametrize("kind", ["contacts", "events"])
    def test_any_damaged_byte(self, store: Store, kind: str) -> None:
        """Verifying finds every one, and no damage becomes part of a new state."""
        path = day_file(store, kind)
        sound = path.read_bytes()
        before = read_all(store)
        for position in range(0, len(sound), max(1, len(sound) // STEPS)):
            path.write_bytes(sound[:position] + bytes([sound[position] ^ 0x55]) + sound[position + 1 :])
            fails(store.verify, "has changed")
            if kind == "events":
                fails(lambda: read_all(store), "has changed")
            else:
                with suppress(StoreError):
                    contact_graph(store, resources=ONE)
        path.write_bytes(sound)
        assert read_all(store) == before

    def test_tokens(self, store: Store) -> None:
        (tokens,) = store.manifest.tokens
        path = store.path / tokens.name
        sound = path.read_bytes()
        path.write_bytes(sound[: len(sound) // 2])
        fails(store.verify, "has changed")
        fails(lambda: contact_graph(store), "table of tokens cannot be read")
        path.unlink()
        fails(store.verify, "cannot be read")
        fails(lambda: store.append(made.frame(ROWS, NAMES)), "table of tokens cannot be read")

    def test_a_damaged_day_is_replaced(self, store: Store) -> None:
        date = store.days[1]
        rows = [e for e in ROWS if e.start // DAY == FIRST + 1]
        before = read_all(store)
        for kind in ("contacts", "events"):
            day_file(store, kind).write_bytes(b"no longer")
        store.replace_day(date, made.frame(rows, NAMES), resources=ONE)
        store.verify()
        assert read_all(store) == before


def read_all(store: Store) -> tuple[Any, ...]:
    graph = contact_graph(store, resources=ONE)
    manifest = store.manifest
    # Appending what is stored reads every day's events and changes nothing of them.
    store.append(made.frame(ROWS, NAMES), resources=ONE)
    assert store.manifest.days == manifest.days
    return graph.peers.tolist(), graph["seconds_out"].tolist(), graph["first"].tolist()


class TestWriters:
    def test_a_second_writer_is_told_at_once(self, store: Store) -> None:
        entered, leave = threading.Event(), threading.Event()

        def slow(_stage: str, _done: int, _total: int | None) -> None:
            entered.set()
            leave.wait(30)

        first = threading.Thread(
            target=lambda: store.append(
                made.frame(ROWS, NAMES), resources=Resources(threads=1, progress=slow)
            )
        )
        first.start()
        assert entered.wait(30)
        try:
            other = Store(store.path)
            for work in (
                lambda: other.append(made.frame(ROWS, NAMES)),
                lambda: other.replace_day(other.days[0], made.frame(ROWS, NAMES)),
                lambda: other.drop_before("2030-01-01"),
            ):
                fails(work, "another process is writing")
            assert contact_graph(other).n_edges > 0  # readers need no lock
        finally:
            leave.set()
            first.join()
        assert store.append(made.frame(ROWS, NAMES), resources=ONE).accepted == 0

    def test_a_lock_in_another_process(self, store: Store) -> None:
        script = (
            "import sys, filelock\n"
            "with filelock.FileLock(sys.argv[1], timeout=0):\n"
            "    print('held', flush=True)\n"
            "    sys.stdin.read()\n"
        )
        command = [sys.executable, "-c", script, str(store.path / "lock")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            fails(lambda: store.drop_before("2030-01-01"), "another process is writing")
            holder.kill()
        assert store.drop_before("2000-01-01") == []

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_no_permission(self, store: Store) -> None:
        before = store.manifest
        (store.path / "days").chmod(0o500)
        fails(lambda: store.append(made.frame(ROWS[:5], NAMES)), "cannot be written")
        (store.path / "days").chmod(0o700)
        assert store.manifest == before

    def test_a_failing_disk(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        before = store.manifest

        def broken(_handle: int) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(os, "fsync", broken)
        fails(lambda: store.drop_before("2030-01-01"), "Input/output error")
        monkeypatch.undo()
        assert store.manifest == before
        store.verify()


def test_a_full_disk(tmp_path: Path) -> None:
    script = Path(__file__).with_name("disk_full.py")
    command = [sys.executable, str(script), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    *attempts, last = json.loads(done.stdout)
    assert last == {"left": [], "days": ["2024-01-01", "2024-01-02"]}
    for attempt in attempts:
        assert attempt["same"], attempt
        kind = "StoreError" if attempt["name"] == "append" else "InputError"
        assert attempt["outcome"].startswith(kind), attempt
        assert "cannot be written" in attempt["outcome"], attempt
        assert "too large" in attempt["outcome"], attempt
        assert "\n" not in attempt["outcome"], attempt
