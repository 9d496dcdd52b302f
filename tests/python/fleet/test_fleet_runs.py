"""Whole runs without Dask, of real models."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from fleet_support import CELLS, QUICK_BENCH, Fleet, lines_in, records_of, wait_until, without_times

StandIn = Callable[[str], None]


def test_a_serial_run_and_its_resumption(fleet: Fleet, real_arguments: list[str | Path], serial_results: Path) -> None:
    records = records_of(serial_results)
    assert len(records) == CELLS
    assert {record.outcome for record in records} == {"fine"}
    assert len({record.cell for record in records}) == len(records)
    assert not list(serial_results.parent.glob("tsir-reproducers*"))

    # All is there: nothing is run.
    content = serial_results.read_bytes()
    stdout, stderr = fleet.run(*real_arguments, "--serial", "--results", serial_results, "--resume")
    assert f"no cell run; {CELLS} had results already" in stderr
    assert serial_results.read_bytes() == content
    assert stdout.count("On ") == 1
    assert "\ntiny.pt" in stdout


def test_shards_are_together_what_one_run_is(fleet: Fleet, files: list[Path], stand_in: StandIn) -> None:
    stand_in("cat $2; exit 1")
    words = [*files, "--do", "dump,verify", "--passes", "x", "--passes", "y"]
    for shard in ("1/2", "2/2"):
        fleet.run(*words, "--shard", shard, code=1)
    parts = [fleet.folder / f"fleet-{number}-of-2.jsonl" for number in (1, 2)]
    assert [lines_in(part) for part in parts] == [6, 6]
    whole = fleet.folder / "all.jsonl"
    whole.write_bytes(b"".join(part.read_bytes() for part in parts))
    fleet.run(*words, "--serial", code=1)
    assert without_times(whole) == without_times(fleet.folder / "fleet.jsonl")


def test_errors_of_tsir_do_not_end_the_run(fleet: Fleet, models: Path) -> None:
    (fleet.folder / "broken.pt").write_bytes(b"not a model")
    wrong = ["--input", "float32[4,16]", "--passes", "no-such-pass", "--passes", "freeze", "--serial"]
    stdout, stderr = fleet.run("broken.pt", models / "tiny.pt", *wrong, code=1)
    outcomes = [(record.model, record.passes, record.outcome) for record in records_of(fleet.folder / "fleet.jsonl")]
    assert outcomes == [
        ("broken.pt", "no-such-pass", "wrong usage"),
        ("broken.pt", "freeze", "cannot load"),
        ("tiny.pt", "no-such-pass", "wrong usage"),
        ("tiny.pt", "freeze", "fine"),
    ]
    assert "1 cannot load, 1 fine, 2 wrong usage" in stderr
    assert "no-such-pass" in stdout


def test_ctrl_c_leaves_whole_lines_and_no_program(fleet: Fleet, files: list[Path], stand_in: StandIn) -> None:
    stand_in("echo '{}'; case $2 in *0.pt) ;; *) sleep 100;; esac")
    for sent in (signal.SIGINT, signal.SIGTERM):
        process = fleet.start(*files, "--do", "dump", "--serial", "--resume")
        wait_until(lambda: lines_in(fleet.folder / "fleet.jsonl") and programs_in(fleet.folder, "sleep"))
        process.send_signal(sent)
        _, stderr = process.communicate(timeout=20)
        assert process.returncode == 130
        assert "stopped" in stderr
        assert "Traceback" not in stderr
        assert len(records_of(fleet.folder / "fleet.jsonl")) == 1
        wait_until(lambda: not programs_in(fleet.folder, ""))


def programs_in(folder: Path, name: str) -> list[str]:
    """The processes that work in a folder and whose command lines start so."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == folder.resolve():
                found.append((process / "cmdline").read_text())
        except OSError:
            pass
    return [text for text in found if text.startswith(name)]


def test_flags(fleet: Fleet, models: Path) -> None:
    tiny = models / "tiny.pt"
    for words, error in (
        ([tiny, "--do", "bench"], "need --passes"),
        ([tiny, "--do", "look"], "--do look: not one of"),
        ([tiny, "--do", "dump", "--arguments", "bench=--x"], "not NAME=TEXT with a NAME of --do"),
        ([tiny, "--do", "dump", "--serial", "--scheduler", "tcp://x:1"], "exclude each other"),
        ([tiny, "--do", "dump", "--retry-failed"], "needs --resume"),
        ([tiny, "--do", "dump", "--shard", "4/3"], "not K/N with K from 1 to N"),
    ):
        _, stderr = fleet.run(*words, code=2)
        assert error in stderr
    _, stderr = fleet.run("missing.pt", "--do", "dump", code=3)
    assert "missing.pt: No such file or directory" in stderr
    assert not (fleet.folder / "fleet.jsonl").exists()


def test_a_dry_run_shows_the_commands(fleet: Fleet, models: Path) -> None:
    inputs = fleet.folder / "inputs.json"
    inputs.write_text('{"tin*": ["float32[4,16]"], "*": []}')
    words = ["--do", "bench,dump", "-p", "freeze", "--inputs-of", inputs, "--arguments", QUICK_BENCH, "--threads", "2"]
    stdout, _ = fleet.run(models / "tiny.pt", models / "shared.pt", *words, "--dry-run")
    commands = [line.partition("  ")[2] for line in stdout.splitlines()]
    settings = "--threads 2 --rounds 2 --blocks 1 --warmup-max 0.05 --max-time 1 --no-control"
    assert commands == [
        f"bench tiny.pt --json --passes freeze --input float32[4,16] {settings}",
        "dump tiny.pt --json --input float32[4,16] --threads 2",
        f"bench shared.pt --json --passes freeze {settings}",
        "dump shared.pt --json --threads 2",
    ]
    assert not (fleet.folder / "fleet.jsonl").exists()
