"""Checks the data of a rival in the files: check_rival.py STEM NAME known|unknown

The last argument is whether the rival reports its processor time.
"""
import csv
import json
import sys

stem, name, usage = sys.argv[1:]
report = json.load(open(stem + ".json"))
variant = report["tsir"]["variants"][-1]
assert variant["name"] == name and variant["passes"] == "" and "fake_rival.sh" in variant["rival"], variant
assert (variant["cpu_ms"] is None) == (usage == "unknown"), variant
assert variant["outputs"]["same"], variant
contrasts = [contrast for contrast in report["tsir"]["contrasts"] if contrast["name"] == name]
assert [contrast["reference"] for contrast in contrasts] == ["baseline"], contrasts
rows = [row for row in report["benchmarks"] if row["run_name"].endswith("/" + name)]
assert len(rows) == 5 + 4, rows
assert all(isinstance(row["cpu_time"], float) for row in rows), rows
slots = [slot for found in report["tsir"]["rounds"] for block in found["blocks"] for slot in block["slots"]]
own = [slot for slot in slots if slot["variant"] == len(report["tsir"]["variants"]) - 1]
others = [slot for slot in slots if slot not in own]
assert own and all((slot["cpu_ns"] is None) == (usage == "unknown") for slot in own), own[0]
assert others and all(slot["cpu_ns"] is not None for slot in others)
line = list(csv.DictReader(open(stem + ".csv")))[-1]
assert line["command"].endswith("/" + name) and (line["user"] == "") == (usage == "unknown"), line
assert any(line["variant"].endswith(name) for line in csv.DictReader(open(stem + ".samples.csv")))
assert "NaN" not in open(stem + ".trace.json").read()
