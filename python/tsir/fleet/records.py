"""The result of a cell, which is one line of JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tsir.fleet.cells import Cell, Versions
from tsir.fleet.machine import Machine

SCHEMA = "tsir.fleet/1"

FINE = "fine"
CRASHED = "crashed"
TIMED_OUT = "timed out"
WORKER_DIED = "worker died"
NOT_RUN = "not run"  # an error of the worker's machine
_BY_EXIT_CODE = {0: FINE, 1: "check failed", 2: "wrong usage", 3: "cannot load", 4: "pass failed", 5: CRASHED}
# Outcomes that another try may change.
TRANSIENT = frozenset({CRASHED, TIMED_OUT, WORKER_DIED, NOT_RUN})


def outcome_of(exit_code: int) -> str:
    return _BY_EXIT_CODE.get(exit_code, CRASHED)


@dataclass(frozen=True)
class Record:
    cell: str
    model: str
    sha256: str
    action: str
    passes: str
    inputs: tuple[str, ...]
    arguments: tuple[str, ...]
    versions: Versions
    for_kind: str = ""
    """The kind of machine that the cell is bound to."""
    outcome: str = NOT_RUN
    exit_code: int | None = None
    """Of tsir; None if it did not end."""
    error: str = ""
    """One line; empty if all is fine."""
    tries: int = 1
    machine: Machine | None = None
    started: str = ""
    seconds: float = 0
    result: dict[str, Any] | None = None
    """The JSON of tsir."""

    @classmethod
    def of_cell(cls, cell: Cell) -> Record:
        question = cell.question
        return cls(
            cell=cell.key,
            model=question.model.name,
            sha256=question.model.sha256,
            action=question.action,
            passes=question.passes,
            inputs=question.inputs,
            arguments=question.arguments,
            versions=cell.versions,
            for_kind=cell.machine,
        )

    def to_line(self) -> str:
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":")) + "\n"

    def to_json(self) -> dict[str, Any]:
        machine = self.machine
        return {
            "schema": SCHEMA,
            "cell": self.cell,
            "model": self.model,
            "sha256": self.sha256,
            "do": self.action,
            "passes": self.passes,
            "inputs": list(self.inputs),
            "arguments": list(self.arguments),
            "tsir": self.versions.tsir,
            "libtorch": self.versions.libtorch,
            "for_kind": self.for_kind,
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "error": self.error,
            "tries": self.tries,
            "machine": machine
            and {
                "host": machine.host,
                "processor": machine.processor,
                "processors": machine.processors,
                "threads": machine.threads,
            },
            "started": self.started,
            "seconds": self.seconds,
            "result": self.result,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Record:
        """Raises KeyError, TypeError or ValueError if it is not a record."""
        if data["schema"] != SCHEMA:
            raise ValueError(f"schema {data['schema']!r}, not {SCHEMA!r}")
        versions = Versions(data["tsir"], data["libtorch"])
        machine = data["machine"]
        return cls(
            cell=data["cell"],
            model=data["model"],
            sha256=data["sha256"],
            action=data["do"],
            passes=data["passes"],
            inputs=tuple(data["inputs"]),
            arguments=tuple(data["arguments"]),
            versions=versions,
            for_kind=data["for_kind"],
            outcome=data["outcome"],
            exit_code=data["exit_code"],
            error=data["error"],
            tries=data["tries"],
            machine=machine and Machine(**machine, versions=versions),
            started=data["started"],
            seconds=data["seconds"],
            result=data["result"],
        )


def without_samples(result: dict[str, Any]) -> dict[str, Any]:
    """Without the single times of a bench, which are nearly all of its size."""
    tsir = result.get("tsir")
    if not isinstance(tsir, dict):
        return result
    kept = {key: value for key, value in tsir.items() if key != "rounds"}
    if isinstance(tsir.get("points"), list):
        kept["points"] = [
            {**point, "report": without_samples({"tsir": point["report"]})["tsir"]}
            if isinstance(point.get("report"), dict)
            else point
            for point in tsir["points"]
        ]
    return {**result, "tsir": kept}


def timeless(record: Record) -> dict[str, Any]:
    """What does not depend on when and where a cell ran, and on how long it took."""
    data = record.to_json()
    for key in ("machine", "started", "seconds", "tries"):
        del data[key]
    if record.result is not None:
        choose = _TIMELESS.get(record.action)
        data["result"] = choose(record.result) if choose else record.result
    return data


def _timeless_bench(result: dict[str, Any]) -> Any:
    tsir = result["tsir"]
    return {
        "variants": [
            _chosen(each, "name", "passes", "state", "detail", "outputs") for each in tsir.get("variants", [])
        ],
        "contrasts": [_chosen(each, "name", "passes", "reference") for each in tsir.get("contrasts", [])],
    }


def _timeless_verify(result: dict[str, Any]) -> Any:
    passes = [
        {key: value for key, value in each.items() if key not in ("seconds", "run_seconds")}
        for each in result["passes"]
    ]
    return {**{key: value for key, value in result.items() if key != "cost"}, "passes": passes}


def _timeless_tune(result: dict[str, Any]) -> Any:
    # Which candidates are tried depends on times.
    return _chosen(result, "schema", "sha1", "method", "goal")


def _chosen(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: data[key] for key in keys if key in data}


_TIMELESS = {"bench": _timeless_bench, "verify": _timeless_verify, "tune": _timeless_tune}
