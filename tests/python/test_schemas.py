"""Every --json output against its JSON Schema in share/schemas, and through the dataclasses that are made from it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tsir
from places import BUILD, HOSTILE, MODELS, PROGRAM, SOURCE

SCHEMAS = SOURCE / "share" / "schemas"
LIT = SOURCE / "tests" / "lit"
PLUGIN = f"--load-pass-plugin={BUILD}/lib/libtsir_bad_passes.so"
INPUTS: dict[str, list[str]] = json.loads((MODELS / "inputs.json").read_text())

Ask = Callable[..., Any]


def validator(name: str) -> Any:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    return jsonschema.Draft202012Validator(schema)


def leaves(errors: Iterable[Any]) -> Iterator[Any]:
    """The errors, with those of the alternatives in place of that none fits."""
    for error in errors:
        yield from leaves(error.context) if error.context else [error]


def check(name: str, data: Any) -> None:
    """Fails if the data does not fit the schema, or cannot be read as a dataclass."""
    errors = list(leaves(validator(name).iter_errors(data)))
    assert not errors, "\n".join(f"{error.json_path}: {error.message[:300]}" for error in errors[:10])
    reader = getattr(tsir.schema, "".join(word.capitalize() for word in name.split("-")), None)
    if reader is not None:
        reader.from_json(data)


def model(name: str, inputs: bool = True) -> list[str]:
    """The arguments for a test model."""
    return [str(MODELS / f"{name}.pt"), *([f"--input={text}" for text in INPUTS[name]] if inputs else [])]


@pytest.mark.parametrize("file", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_schemas_are_valid_and_strict(file: Path) -> None:
    schema = json.loads(file.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == f"tsir.{file.stem}/1"
    for name, definition in {file.stem: schema, **schema.get("$defs", {})}.items():
        if definition["type"] == "object":
            assert definition["additionalProperties"] is False, name
            for key, value in definition["properties"].items():
                assert "description" in value or "$ref" in value, f"{name}.{key} is not described"


def test_types_are_those_of_the_schemas() -> None:
    subprocess.run([sys.executable, SOURCE / "python" / "generate_types.py", "--check"], check=True)


def test_wrong_data_is_rejected(ask: Ask) -> None:
    data = ask("verify", *model("tiny"), "-p", "dce", "--sets=1", "--calls=1")
    for change in ({"extra": 1}, {"seed": "0"}, {"exit_code": -1}, {"executor": "fast"}):
        assert not validator("verify").is_valid({**data, **change}), change
    del data["cost"]["floor"]
    assert not validator("verify").is_valid(data)


DUMPS = {
    "default": [*model("tiny", False)],
    "all": [*model("tiny", False), "--show=all", "--values", "--locations"],
    "inputs": [*model("tiny"), "--show=all"],
    "optimized": [*model("tiny"), "--optimized"],
    "no inlining": [*model("control", False), "--no-inline"],
    "large": [*model("resnet18", False), "--show=all"],
    "quantised": [*model("quantized", False), "--show=all"],
    "shared weights": [*model("shared", False), "--show=all"],
    "side effects": [*model("sideeffect", False), "--show=all"],
    "setstate": [*model("setstate", False), "--show=all"],
    "bundled inputs": [*model("bundled", False)] if "bundled" in INPUTS else [str(MODELS / "bundled.pt")],
    "graph": [str(LIT / "verify" / "Inputs" / "relu.ir"), "--show=all"],
}


@pytest.mark.parametrize("arguments", DUMPS.values(), ids=DUMPS)
def test_dump(ask: Ask, arguments: list[str]) -> None:
    check("dump", ask("dump", *arguments))


def test_dump_of_what_cannot_be_compiled(ask: Ask) -> None:
    data = ask("dump", str(HOSTILE / "unknown_operator.pt"), "--show=all", code=3)
    assert data["problem"]
    check("dump", data)


ANALYSES = (
    "print-alias-sets,print-liveness,print-shapes,print-cost,print-fusion-candidates,print-differentiability,"
    "is-graph-compilable"
)
OPTS = {
    "pipeline": [*model("conv_bn_relu"), "-p", "freeze,fuse,cse,dce"],
    "analyses": [*model("conv_bn_relu"), "-p", ANALYSES],
    "analyses of a branch": [*model("control"), "-p", ANALYSES],
    "analyses without inputs": [*model("control", False), "-p", "print-alias-sets,is-graph-compilable"],
    "analyses after fusion": [*model("lstm"), "-p", "freeze,print-cost,print-liveness,print-shapes"],
    "graph": [str(LIT / "verify" / "Inputs" / "relu.ir"), "-p", "cse"],
}


@pytest.mark.parametrize("arguments", OPTS.values(), ids=OPTS)
def test_opt(ask: Ask, arguments: list[str]) -> None:
    data = ask("opt", *arguments)
    check("opt", data)
    for record in data["ran"]:
        if record["pass"] in ANALYSES.split(","):
            assert "report" in record


VERIFIES = {
    "pipeline": ([*model("conv_bn_relu"), "-p", "freeze,fuse"], 0),
    "each": ([*model("tiny"), "--each", "-p", "freeze,cse,fuse-tensor-exprs,print-cost"], 0),
    "all": ([*model("control"), "--each", "--sets=1", "--calls=1"], 0),
    "differs": ([str(LIT / "verify" / "Inputs" / "relu.ir"), PLUGIN, "-p", "bad-result", "--input=float32[2,3]"], 1),
    "broken": ([str(LIT / "verify" / "Inputs" / "relu.ir"), PLUGIN, "-p", "bad-order", "--input=float32[2,3]"], 4),
    "crash": ([str(LIT / "verify" / "Inputs" / "relu.ir"), PLUGIN, "-p", "bad-crash", "--input=float32[2,3]"], 5),
    "not a number": ([str(LIT / "verify" / "Inputs" / "relu.ir"), "-p", "dce", "--input=float32[2]=[nan,inf]"], 0),
}


@pytest.mark.parametrize(("arguments", "code"), VERIFIES.values(), ids=VERIFIES)
def test_verify(ask: Ask, arguments: list[str], code: int) -> None:
    check("verify", ask("verify", *arguments, "--reproducers", "", code=code))


RUNS = {
    "several calls": [*model("tiny"), "-n", "5"],
    "nested outputs": [*model("control")],
    "containers": [*model("enum_dict_inputs")],
    "quantised": [*model("quantized")],
    "large": [*model("resnet18"), "-p", "freeze"],
    "integers": [*model("chatbot"), "--executor=profiling", "-n", "3"],
    "differing calls": [*model("buffers"), "-n", "3"],
    "not a number": [str(LIT / "verify" / "Inputs" / "relu.ir"), "--input=float32[2]=[nan,inf]"],
}


@pytest.mark.parametrize("arguments", RUNS.values(), ids=RUNS)
def test_run(ask: Ask, arguments: list[str]) -> None:
    check("run", ask("run", *arguments))


DIFFS = {
    "same": ([*model("tiny", False)], 0),
    "passes": ([*model("conv_bn_relu", False), "--other-passes=freeze"], 1),
    "models": ([str(MODELS / "tiny.pt"), str(MODELS / "conv_bn_relu.pt")], 1),
}


@pytest.mark.parametrize(("arguments", "code"), DIFFS.values(), ids=DIFFS)
def test_diff(ask: Ask, arguments: list[str], code: int) -> None:
    check("diff", ask("diff", *arguments, code=code))


BISECTS = {
    "found": [str(LIT / "verify" / "Inputs" / "relu.ir"), PLUGIN, "-p", "cse,bad-result,dce", "--input=float32[2,3]"],
    "none": [str(LIT / "verify" / "Inputs" / "relu.ir"), "-p", "cse,dce", "--input=float32[2,3]"],
    "application": [
        str(LIT / "bisect" / "Inputs" / "sigmoids.ir"),
        PLUGIN,
        "-p",
        "cse,bad-limited,cse",
        "--opt-limit=bad_passes",
        "--input=float32[4]",
    ],
}


@pytest.mark.parametrize("name", BISECTS)
def test_bisect(ask: Ask, name: str) -> None:
    data = ask("bisect", *BISECTS[name], "--reproducers", "", code=1 if name == "none" else 0)
    assert data["found"] == (name != "none")
    check("bisect", data)


def test_reduce(ask: Ask) -> None:
    inputs = ["--input=float32[3,4]", "--input=float32[3,4]", "--input=2"]
    graph = str(LIT / "reduce" / "Inputs" / "sums.ir")
    check("reduce", ask("reduce", graph, PLUGIN, "-p", "cse,choosy-result", *inputs, "-o", "small.ir"))


def test_update_checks(ask: Ask, tmp_path: Path) -> None:
    shutil.copy(LIT / "update_checks" / "Inputs" / "plain.ir", tmp_path / "plain.ir")
    (tmp_path / "wrong.ir").write_text("# RUN: tsir opt %s -p no-such-pass | FileCheck %s\ngraph():\n  return ()\n")
    states = []
    for arguments, code in ((["--check"], 1), ([], 0), (["--check"], 0)):
        data = ask("update-checks", "plain.ir", *arguments, code=code)
        check("update-checks", data)
        states.append(data["files"][0]["state"])
    assert states == ["out of date", "updated", "current"]
    data = ask("update-checks", "plain.ir", "wrong.ir", "--check", code=1)
    assert data["files"][1]["state"] == "failed"
    check("update-checks", data)


@pytest.mark.parametrize("name", [None, "fuse", "freeze", "cse"])
def test_passes(ask: Ask, name: str | None) -> None:
    data = ask("passes", *([name] if name else []))
    check("passes", data)
    assert [tsir.schema.Pass.from_json(each).name for each in data]


def test_version(ask: Ask) -> None:
    data = ask("--version")
    check("version", data)
    assert tsir.schema.Version.from_json(data).libtorch.version == data["built_for"]


def test_exclusions(ask: Ask) -> None:
    check("exclusions", ask("passes", "--excluded"))


def test_version(ask: Ask) -> None:
    check("version", ask("--version"))


SHORT = ["--threads=1", "--rounds=2", "--blocks=3", "--warmup-max=0.05"]
BENCHES: dict[str, tuple[list[str], int]] = {
    "passes": ([*model("tiny"), "-p", "freeze,cse", *SHORT], 0),
    "one round": ([*model("tiny"), "-p", "freeze", "--threads=1", "--rounds=1", "--blocks=1", "--warmup-max=0.05"], 0),
    "one block without a control": ([*model("tiny"), "-p", "freeze", "--rounds=2", "--blocks=1", "--no-control"], 0),
    "many rounds": ([*model("tiny"), "-p", "freeze", "--threads=1", "--rounds=8", "--blocks=4", "--warmup-max=0.05"], 0),
    "each": ([*model("conv_bn_relu"), "--each", "-p", "freeze,fuse,peephole", *SHORT], 0),
    "operators": ([*model("conv_bn_relu"), "-p", "freeze,fuse", "--ops", *SHORT], 0),
    "training": ([*model("train_net"), "-p", "cse", "--train", "--steps=2", *SHORT], 0),
    "another model": ([*model("tiny"), f"--against={MODELS / 'tiny.pt'}", *SHORT], 0),
    "without passes": ([*model("tiny"), *SHORT], 0),
    "wrong outputs": ([str(LIT / "verify" / "Inputs" / "relu.ir"), PLUGIN, "-p", "bad-result", "--input=float32[2,3]", *SHORT], 1),
    "failed pass": ([str(LIT / "verify" / "Inputs" / "relu.ir"), PLUGIN, "-p", "bad-order", "--input=float32[2,3]", *SHORT], 4),
    "batches and clients": ([*model("tiny"), "-p", "freeze", "--batch=1,4", "--clients=2", *SHORT], 0),
    "cold": ([*model("tiny"), "-p", "freeze", "--cold", *SHORT], 0),
    "several threads": ([*model("tiny"), "-p", "freeze", "--threads=1,2", *SHORT[1:]], 0),
    "input sets": (
        [
            *model("tiny", False),
            "-p",
            "freeze",
            "--executor=profiling",
            "--input-set=float32[4,16]",
            "--input-set=float32[8,16]",
            *SHORT,
        ],
        0,
    ),
    "failing point": ([*model("tiny", False), "--input-set=float32[4,16]", "--input-set=float32[4,3]", *SHORT], 1),
}


@pytest.mark.parametrize(("arguments", "code"), BENCHES.values(), ids=BENCHES)
def test_bench(ask: Ask, arguments: list[str], code: int) -> None:
    check("bench", ask("bench", *arguments, code=code))


def test_saved_baseline(ask: Ask, tmp_path: Path) -> None:
    arguments = [*model("tiny"), "-p", "freeze", *SHORT]
    ask("bench", *arguments, "--save-baseline=base.json")
    check("baseline", json.loads((tmp_path / "base.json").read_text()))
    data = ask("bench", *arguments, "--baseline=base.json")
    assert data["tsir"]["saved_baseline"]["comparisons"]
    check("bench", data)


def test_tune(ask: Ask, tmp_path: Path) -> None:
    data = ask("tune", *model("conv_bn_relu"), "--max-time=8", "--further=3", "--search=freeze,fuse", "--recipe=r.json")
    check("tune", data)
    # Whether there is something faster depends on the machine; where it is, there is a recipe.
    if (tmp_path / "r.json").exists():
        check("recipe", json.loads((tmp_path / "r.json").read_text()))


def test_tune_of_several_shapes(ask: Ask) -> None:
    sets = ["--input-set=float32[1,3,32,32]", "--input-set=float32[2,3,32,32]"]
    data = ask("tune", *model("conv_bn_relu", False), *sets, "--max-time=4", "--further=1", "--search=freeze")
    assert len(data["mix"]) == 2
    check("tune", data)


def test_recipe(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.json"
    make = LIT / "tune" / "Inputs" / "make_recipe.py"
    subprocess.run([sys.executable, make, MODELS / "tiny.pt", recipe, "all-settings"], check=True)
    check("recipe", json.loads(recipe.read_text()))


REPORTS = {
    "looking": [*model("control", False), "-p", "cse,dce"],
    "running": [*model("conv_bn_relu"), "-p", "freeze,fuse", "--max-time=3"],
    "each": [*model("tiny"), "--each", "-p", "freeze,cse", "--no-bench"],
}


@pytest.mark.parametrize("arguments", REPORTS.values(), ids=REPORTS)
def test_report(arguments: list[str]) -> None:
    done = subprocess.run([PROGRAM, "report", *arguments], capture_output=True, text=True, check=True)
    data = done.stdout.partition('<script type="application/json" id="tsir-data">')[2].partition("</script>")[0]
    check("report", json.loads(data))


def test_json_in_a_file_is_that_of_standard_output(ask: Ask) -> None:
    assert ask("passes", "cse") == ask("passes", "cse", file=True)
