"""What a record says, in the few words and numbers of a row of a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tsir.fleet.records import Record

_MS = 1e-6  # from nanoseconds


@dataclass(frozen=True)
class Finding:
    what: str = ""
    verdict: str = ""
    speedup: float | None = None
    low: float | None = None
    high: float | None = None
    baseline_ms: float | None = None
    median_ms: float | None = None
    threads: int | None = None
    """Those that the times were measured with."""


def finding_of(record: Record) -> Finding:
    """Results of a newer tsir whose keys have other meanings give an empty finding."""
    if record.result is None:
        return Finding(what=record.error)
    try:
        return _OF_ACTION[record.action](record.result)
    except (KeyError, TypeError, ValueError, IndexError):
        return Finding(what=record.error)


def _verify(result: dict[str, Any]) -> Finding:
    verdicts = Counter(each["verdict"] for each in result["passes"])
    passes = "1 pass" if len(result["passes"]) == 1 else f"{len(result['passes'])} passes"
    return Finding(what=f"{passes}: " + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()))


def _bench(result: dict[str, Any]) -> Finding:
    tsir = result["tsir"]
    if "points" in tsir:
        return Finding(what=f"{len(tsir['points'])} points: see the result")
    variants = {each["name"]: each for each in tsir["variants"]}
    baseline = tsir["variants"][0]
    threads = int(tsir["environment"]["threads"])
    baseline_ms = baseline.get("median_ms")
    contrast = _best(tsir) if tsir["mode"] == "each" else _last(tsir)
    if contrast is None:
        return Finding(baseline_ms=baseline_ms, median_ms=baseline_ms, threads=threads)
    timed = contrast.get("low") is not None
    variant = variants.get(contrast["name"], {})
    outputs = variant.get("outputs")
    differ = "" if outputs is None or outputs["same"] else "outputs differ"
    best = f"best: {contrast['name']}" if tsir["mode"] == "each" else ""
    return Finding(
        what=", ".join(text for text in (best, differ) if text),
        verdict=contrast["verdict"],
        speedup=contrast.get("speedup"),
        low=1 / contrast["high"] if timed and contrast.get("high") else None,
        high=1 / contrast["low"] if timed and contrast["low"] else None,
        baseline_ms=baseline_ms,
        median_ms=variant.get("median_ms", baseline_ms if contrast["verdict"] == "IDENTICAL" else None),
        threads=threads,
    )


def _last(tsir: dict[str, Any]) -> dict[str, Any] | None:
    """The last variant against the baseline, by way of a variant with the same graph if there is one."""
    contrasts: dict[tuple[str, str], dict[str, Any]] = {}
    for each in tsir["contrasts"]:
        contrasts[each["name"], each["reference"]] = each
    baseline = tsir["variants"][0]["name"]
    last = next((each["name"] for each in reversed(tsir["contrasts"])), None)
    while last is not None and (last, baseline) not in contrasts:
        same = (ref for (name, ref), each in contrasts.items() if name == last and each["verdict"] == "IDENTICAL")
        last = next(same, None)
    return None if last is None else contrasts[last, baseline]


def _best(tsir: dict[str, Any]) -> dict[str, Any] | None:
    timed = [each for each in tsir["contrasts"] if each.get("speedup") is not None]
    return max(timed, key=lambda each: float(each["speedup"]), default=None)


def _tune(result: dict[str, Any]) -> Finding:
    threads = int(result["conditions"]["threads"])
    best = result["best"]
    if best is None:
        return Finding(what="nothing was found that is faster", threads=threads)
    return Finding(
        what=f"best: {best['name']}",
        verdict=str(best["verdict"]).upper(),
        speedup=1 / best["ratio"],
        low=1 / best["high"] if best.get("high") else None,
        high=1 / best["low"] if best.get("low") else None,
        baseline_ms=best["as_loaded_ns"] * _MS,
        median_ms=best["median_ns"] * _MS,
        threads=threads,
    )


def _dump(result: dict[str, Any]) -> Finding:
    parameters = sum(each["elements"] for each in result["module"]["parameters"])
    operators = sum(result["operators"].values())
    return Finding(what=f"{parameters:,} parameters, {operators:,} operators")


_OF_ACTION = {"verify": _verify, "bench": _bench, "tune": _tune, "dump": _dump}
