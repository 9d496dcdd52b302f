"""Checks the parts of bench's JSON that other programs rely on, for `bench tiny.pt --passes freeze,cse --rounds 2 --blocks 3`."""
import json
import sys

report = json.load(open(sys.argv[1]))
context, rows, tsir = report["context"], report["benchmarks"], report["tsir"]

# google/benchmark's compare.py exits on any other version, and bencher needs the array of caches.
assert context["json_schema_version"] == 1
assert isinstance(context["caches"], list) and len(context["load_avg"]) == 3
iterations = [row for row in rows if row["run_type"] == "iteration"]
assert [row["name"] for row in iterations] == ["tiny/forward/baseline"] * 2 + ["tiny/forward/freeze-module"] * 2
assert [row["repetition_index"] for row in iterations] == [0, 1, 0, 1]
for row in rows:
    assert {"name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions", "threads",
            "iterations", "real_time", "cpu_time", "time_unit"} <= set(row), row
assert {row["aggregate_name"] for row in rows if row["run_type"] == "aggregate"} == {"mean", "median", "stddev", "cv"}
assert all(row["real_time"] > 0 for row in iterations)

assert tsir["schema"] == "tsir.bench/1"
assert (tsir["executor"], tsir["device"], tsir["seed"]) == ("as-is", "cpu", 0)
freeze, cse_previous, cse_total = tsir["contrasts"]
assert (freeze["name"], freeze["reference"]) == ("+ freeze-module", "baseline")
assert 0 < freeze["low"] <= freeze["ratio"] <= freeze["high"]
assert freeze["rounds"] == 2 and abs(freeze["speedup"] * freeze["ratio"] - 1) < 1e-9
assert cse_previous["verdict"] == "IDENTICAL" and cse_previous["ratio"] == 1
assert cse_total["ratio"] == freeze["ratio"]
assert freeze["verdict"] in ("FASTER", "SLOWER", "SAME", "SMALL", "INCONCLUSIVE") and 0 < freeze["sign_flip_p"] <= 1
assert freeze["level"] == 0.95 and tsir["rule"] == {"alpha": 0.05, "band": 0.01, "family": 1}
assert len(tsir["controls"]) == 1 and tsir["controls"][0]["rounds"] == 2
assert tsir["variants"][0]["allocations"] > 0 and tsir["variants"][0]["peak_bytes"] > 0
assert tsir["plans"][0]["looks"] == [2] and tsir["plans"][0]["rounds_done"] == 2
assert [variant["state"] for variant in tsir["variants"]] == ["good", "good", "identical"]
assert tsir["variants"][1]["outputs"]["same"] and tsir["variants"][1]["pass_seconds"] > 0

assert len(tsir["rounds"]) == 2
for round_ in tsir["rounds"]:
    assert sorted(map(str, round_["creation_order"])) == ["0", "1", "control"]
    assert all(warmup["calls"] >= 4 for warmup in round_["warmup"])
    assert len(round_["blocks"]) == 3
    for block in round_["blocks"]:
        assert block["order"] == block["order"][::-1] and sorted(map(str, block["order"])) == ["0", "0", "1", "1", "control", "control"]
        assert len({len(slot["sample_ns"]) for slot in block["slots"]}) == 1
assert tsir["environment"]["threads"] >= 1 and tsir["environment"]["libtorch"]
