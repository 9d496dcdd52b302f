"""Checks the files of a sweep over two batch sizes: they have rows of both, with different names."""

import csv
import json
import sys

stem = sys.argv[1]
expected = {f"tiny/forward/batch:{n}/{v}" for n in (1, 8) for v in ("baseline", "freeze-module")}


def load(suffix):
    with open(f"{stem}.{suffix}", encoding="utf-8") as file:
        return json.load(file)


def rows(suffix):
    with open(f"{stem}.{suffix}", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


report = load("json")
assert {row["run_name"] for row in report["benchmarks"]} == expected
assert sorted({row["family_index"] for row in report["benchmarks"]}) == [0, 1]
assert report["context"]["json_schema_version"] == 1
tsir = report["tsir"]
assert tsir["schema"] == "tsir.bench/1" and len(tsir["points"]) == 2
for size, point in zip((1, 8), tsir["points"]):
    assert point["coordinates"] == {"batch": str(size)}, point["coordinates"]
    for variant in point["report"]["variants"]:
        rate = size * 1000 / variant["median_ms"]
        assert abs(variant["items_per_second"] - rate) < 1e-6 * rate
    assert [c["name"] for c in point["report"]["contrasts"]] == ["+ freeze-module"]
    assert len(point["report"]["rounds"]) == 2

assert {row["command"] for row in load("hf.json")["results"]} == expected
assert {row["name"] for row in load("ci.json")} == expected
assert set(load("bmf.json")) == expected
assert {row["command"] for row in rows("csv")} == expected
variants = {row["variant"] for row in rows("samples.csv")}
assert expected <= variants and "variant" not in variants, variants
with open(f"{stem}.md", encoding="utf-8") as file:
    assert file.read().count("| Command |") == 2  # units may differ
