"""Checks the attribution and the trace of `bench relu.ir -p bad-slow --ops`."""
import json
import sys

attribution = json.load(open(sys.argv[1]))["tsir"]["attribution"]
assert attribution["rounds"] >= 2 and attribution["failures"] == []
assert [variant["variant"] for variant in attribution["variants"]] == ["baseline", "+ bad-slow"]
(contrast,) = attribution["contrasts"]
rows = {row["operator"]: row for row in contrast["operators"]}
assert contrast["operators"][0]["operator"] == "aten::neg"
neg = rows["aten::neg"]
assert (neg["reference_calls"], neg["calls"], neg["reference_ns"]) == (0, 200, 0)
assert neg["low"] <= neg["delta_ns"] <= neg["high"]
assert rows["aten::relu"]["reference_calls"] == rows["aten::relu"]["calls"] == 1
total = sum(row["delta_ns"] for row in contrast["operators"])
assert abs(total - contrast["attributed_delta_ns"]) < 1e-3
assert abs(total + contrast["unattributed_delta_ns"] - contrast["measured_delta_ns"]) < 1e-3
for variant in attribution["variants"]:
    total = sum(row["ns"] for row in variant["operators"]) + variant["unattributed_ns"]
    assert abs(total - variant["measured_ns"]) < 1e-3

events = json.load(open(sys.argv[2]))["traceEvents"]
operators = [event for event in events if event.get("cat") == "operators"]
assert sum(event["name"] == "aten::neg" and event["pid"] == 2 for event in operators) == 200
calls = {event["pid"]: event for event in operators if event["name"] == "profiled call"}
assert sorted(calls) == [1, 2]
for event in operators:
    call = calls[event["pid"]]
    assert call["ts"] <= event["ts"] and event["ts"] + event["dur"] <= call["ts"] + call["dur"] + 1e-3
    assert event["tid"] not in {other["tid"] for other in events if other.get("cat") in ("timed", "warmup")}
