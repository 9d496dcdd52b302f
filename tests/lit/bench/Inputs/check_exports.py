"""Checks the parts of bench's exports that their readers use, for `bench tiny.pt --passes freeze,cse --rounds 3 --blocks 3`."""
import csv
import json
import math
import re
import statistics
import sys

prefix = sys.argv[1]
names = ["tiny/forward/baseline", "tiny/forward/freeze-module",
         "tiny/forward/freeze-module,eliminate-common-subexpression"]
baseline, freeze, twin = names
slots = 3 * 3 * 2  # of an arm


def load(suffix):
    def refuse(constant):
        raise ValueError(f"{suffix}: {constant} is no JSON")

    with open(prefix + suffix, encoding="utf-8") as file:
        return json.load(file, parse_constant=refuse)


def table(suffix):
    with open(prefix + suffix, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def close(one, other):
    return math.isclose(one, other, rel_tol=1e-6)


# hyperfine: plot_whisker, plot_histogram and advanced_statistics take command, times and median; welch_ttest times;
# plot_progression averages over a fifth of the times, so there must be five; plot_benchmark_comparison takes mean;
# bencher wants all but times and parameters.
results = load(".hyperfine.json")["results"]
assert [result["command"] for result in results] == [baseline, freeze]  # what was timed itself
for result in results:
    times = result["times"]
    assert len(times) >= 5 and all(isinstance(time, float) and 0 < time < 1 for time in times)
    assert close(result["mean"], statistics.fmean(times)) and close(result["stddev"], statistics.stdev(times))
    assert close(result["median"], statistics.median(times))
    assert (result["min"], result["max"]) == (min(times), max(times))
    assert result["user"] > 0 and result["system"] == 0
    assert result["exit_codes"] == [0] * len(times)
    assert all(isinstance(value, str) for value in result["parameters"].values())
by_name = {result["command"]: result for result in results}

# hyperfine's CSV: the same variants.
rows = table(".csv")
assert list(rows[0]) == ["command", "mean", "stddev", "median", "user", "system", "min", "max"]
assert [row["command"] for row in rows] == [baseline, freeze]
for row in rows:
    for key in ("mean", "stddev", "median", "user", "system", "min", "max"):
        assert math.isclose(float(row[key]), by_name[row["command"]][key], rel_tol=1e-9), (row, key)

# Samples, as pandas and R read them: integers but for the variant; in order; the same times as hyperfine's.
samples = table(".samples.csv")
assert list(samples[0]) == ["round", "block", "slot", "variant", "call", "t_start_ns", "wall_ns"]
assert {row["variant"] for row in samples} == {baseline, freeze, "control"}
starts = [int(row["t_start_ns"]) for row in samples]
assert starts == sorted(starts) and starts[0] > 0
for name in (baseline, freeze):
    own = [row for row in samples if row["variant"] == name]
    assert len({(row["round"], row["block"], row["slot"]) for row in own}) == slots
    for row, time in zip(own, by_name[name]["times"], strict=True):
        assert abs(int(row["wall_ns"]) - time * 1e9) < 0.51

# Chrome's trace: what Perfetto's importer wants of each kind of event; slices of a track lie within each other or apart.
trace = load(".trace.json")
assert trace["displayTimeUnit"] == "ms"
processes, tracks, counters = {}, {}, {}
for event in trace["traceEvents"]:
    assert isinstance(event["pid"], int) and isinstance(event["tid"], int) and isinstance(event["name"], str)
    if event["ph"] == "M":
        if event["name"] == "process_name":
            processes[event["pid"]] = event["args"]["name"]
    elif event["ph"] == "C":
        counters.setdefault(event["pid"], []).append(event["args"]["switches"])
    else:
        assert event["ph"] == "X" and event["ts"] >= 0 and event["dur"] > 0
        tracks.setdefault((event["pid"], event["cat"]), []).append(event)
assert sorted(processes.values()) == sorted([baseline, freeze, "control"])
for pid in processes:
    assert len(tracks[pid, "timed"]) == len(counters[pid]) == slots
    assert sum(event["name"] == "warm-up" for event in tracks[pid, "warmup"]) == 3
for track in tracks.values():
    ends = []
    for event in sorted(track, key=lambda event: (event["ts"], -event["dur"])):
        while ends and ends[-1] <= event["ts"] + 1e-3:
            ends.pop()
        assert not ends or event["ts"] + event["dur"] <= ends[-1] + 1e-3, event
        ends.append(event["ts"] + event["dur"])
timed = sorted((event["ts"], event["ts"] + event["dur"]) for (_, kind), track in tracks.items() if kind == "timed"
               for event in track)
assert all(one[1] <= other[0] for one, other in zip(timed, timed[1:])), "slots never overlap"

# github-action-benchmark: extract.ts takes these keys, extractRangeInfo.ts a number after the sign.
rows = load(".ci.json")
assert [row["name"] for row in rows] == names
for row in rows:
    assert set(row) == {"name", "unit", "value", "range", "extra"} and row["unit"] == "ms"
    assert close(row["value"] / 1e3, by_name[freeze if row["name"] == twin else row["name"]]["median"])
    assert row["extra"].count(", same graph as " + freeze) == (row["name"] == twin)
    assert float(re.fullmatch(r"± (\d.+)", row["range"])[1]) > 0

# Bencher's metric format.
report = load(".bmf.json")
assert list(report) == names
for row, (name, measures) in zip(rows, report.items(), strict=True):
    latency = measures["latency"]
    assert 0 <= latency["lower_value"] < latency["value"] < latency["upper_value"]
    assert close(latency["value"] / 1e6, row["value"])

# google/benchmark's compare.py filters: a filter's match in the name is replaced, and rows of equal names are compared.
iterations = [row for row in load(".google.json")["benchmarks"] if row["run_type"] == "iteration"]
pairs = [sorted(re.sub(pattern, "X", row["name"]) for row in iterations if re.search(pattern, row["name"]))
         for pattern in ("baseline", "freeze-module")]
assert pairs[0] == pairs[1] and len(pairs[0]) == 3
