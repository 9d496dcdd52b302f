"""Checks the JSON of a search, and that its recipe agrees: check_tune.py TUNE.json RECIPE.json MESSAGES"""
import json
import pathlib
import sys

tune = json.loads(pathlib.Path(sys.argv[1]).read_text())
assert tune["schema"] == "tsir.tune/1", tune["schema"]
first, *others = tune["candidates"]
assert first["passes"] == "" and first["state"] == "GOOD" and first["settings"]["executor"] == "profiling", first
names = {tuple(candidate["parts"]) for candidate in others}
assert ("freeze",) in names and ("python-freeze", "fuse") in names, names
assert not any("clean-up" in parts for parts in names), "it was not to be searched"
for candidate in others:
    assert candidate["state"] in ("GOOD", "IDENTICAL", "UNTRIED"), candidate
    assert candidate["settings"]["threads"] == 1, candidate
    if candidate["state"] == "GOOD":
        assert candidate["compared"] and candidate["drift"] < 1e-4, candidate
    if "fuse" in candidate["parts"] and candidate["state"] == "GOOD":
        assert not candidate["savable"] and "oneDNN" in candidate["unit"]["unsavable"], candidate
raced = [candidate for candidate in others if candidate["against_as_loaded"]]
assert raced, "nothing was raced"
best = tune["best"]
faster = best is not None and best["verdict"] == "FASTER"
if faster:
    assert best["ratio"] < 1 and best["low"] <= best["ratio"] <= best["high"] and best["further_inputs"] >= 1, best
messages = pathlib.Path(sys.argv[3]).read_text()
recipe = pathlib.Path(sys.argv[2])
if recipe.exists():
    written = json.loads(recipe.read_text())
    assert written["schema"] == "tsir.recipe/1" and written["faster"] and written["sha1"] == tune["sha1"], written
    assert written["conditions"]["processor"] and written["inputs"] == ["float32[4,16]"], written
else:
    assert not faster and "nothing was faster" in messages, messages
