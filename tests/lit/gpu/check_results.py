"""check_results.py FILE: whether a results.json of tests/gpu/run has what its readers need."""

import json
import sys

results = json.load(open(sys.argv[1]))
assert results["schema"] == "tsir.gpu/1"
assert {"host", "python", "glibc", "processors", "libtorch", "gpu"} <= results["machine"].keys()
assert [experiment["name"] for experiment in results["experiments"]] == ["BERT", "ResNet", "chatbot", "training"]
steps = {step["name"]: step for step in results["steps"]}
assert len(steps) == len(results["steps"]) >= 5
for step in results["steps"]:
    assert step["outcome"] in ("fine", "failed", "timed out", "not run"), step
    assert "\n" not in step["line"] and (step["line"] == "") == (step["outcome"] == "fine"), step
if all(step["outcome"] == "fine" for step in results["steps"]):
    assert results["machine"]["gpu"]["name"] == "Hot GPU"  # of the fake driver
    for experiment in results["experiments"]:
        assert experiment["native_ms"] > 0 and experiment["torchscript_ms"] > 0 and experiment["baseline_ms"] > 0
        if experiment["name"] == "training":
            continue
        # The device's clock and the host's saw the same calls.
        assert 0.2 < experiment["baseline_ms"] / experiment["baseline_host_ms"] < 5, experiment
        assert experiment["best"]["median_ms"] > 0 and experiment["best"]["verdict"], experiment
        assert {"unchanged", "identical", "equal"} >= {verdict["verdict"] for verdict in experiment["verify"]}, experiment
