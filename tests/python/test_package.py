"""The Python package."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tsir
from places import BUILD, MODELS, PROGRAM, SOURCE

RELU = SOURCE / "tests" / "lit" / "verify" / "Inputs" / "relu.ir"
BAD_PASSES = f"{BUILD}/lib/libtsir_bad_passes.so"
SHORT: dict[str, Any] = {"threads": 1, "rounds": 2, "blocks": 3, "warmup_max": 0.05}

InputsOf = Callable[[str], list[str]]


def python(code: str, **more: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": str(SOURCE / "python"), **more}
    return subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False)


# --- the functions, on files ------------------------------------------------------------------------------------------


def test_dump() -> None:
    found = tsir.dump(MODELS / "tiny.pt", show=["summary", "ops"])
    assert found.problem is None
    assert found.module is not None and found.module.methods[0].name == "forward"
    assert sum(total.elements for total in found.module.parameters) > 0
    assert found.overloads and found.graphs is None
    assert "a TorchScript module" in str(found) and "a TorchScript module" in repr(found)
    assert "<pre>" in found._repr_html_()


def test_dump_shows_what_it_can() -> None:
    found = tsir.dump(SOURCE / "build" / "hostile" / "unknown_operator.pt")
    assert found.problem is not None and "torchvision::nms" in found.problem
    assert found.files


def test_opt(tmp_path: Path) -> None:
    found = tsir.opt(MODELS / "tiny.pt", "freeze,dce", output=tmp_path / "out.pt")
    assert [record.pass_ for record in found.ran][-1] == "eliminate-dead-code"
    assert (tmp_path / "out.pt").exists()
    assert found.graph.startswith("graph(")


def test_reports_of_analyses(inputs_of: InputsOf) -> None:
    found = tsir.opt(MODELS / "conv_bn_relu.pt", "print-cost", inputs=inputs_of("conv_bn_relu"))
    cost = tsir.schema.Cost.from_json(found.ran[0].report)
    assert cost.flops > 0 and cost.nodes[0].class_ in ("product", "pointwise", "none")


def test_verify(inputs_of: InputsOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert tsir.verify(MODELS / "tiny.pt", "freeze,cse", inputs=inputs_of("tiny")).ok
    found = tsir.verify(RELU, "cse,bad-result", inputs=["float32[2,3]"], load_pass_plugin=BAD_PASSES)
    assert not found.ok and found.exit_code == 1
    assert [each.pass_ for each in found.failures] == ["bad-result"]
    assert found.failures[0].max_absolute > 0
    assert "<td>bad-result</td><td>differs</td>" in found._repr_html_()
    assert not list(tmp_path.iterdir()), "nothing is left in the working directory"


def test_run(inputs_of: InputsOf) -> None:
    found = tsir.run(MODELS / "control.pt", inputs=inputs_of("control"), runs=3)
    assert len(found.times.milliseconds) == 3
    assert found.outputs[0].length == 3


def test_bench(inputs_of: InputsOf) -> None:
    found = tsir.bench(MODELS / "tiny.pt", "freeze", inputs=inputs_of("tiny"), **SHORT)
    assert [variant.name for variant in found.variants][0] == "baseline"
    assert found.contrasts and all(contrast.reference == "baseline" for contrast in found.contrasts[:1])
    assert isinstance(found.tsir, tsir.schema.BenchReport)
    assert f"<td>{found.contrasts[0].name}</td>" in found._repr_html_()


def test_bench_at_several_points(inputs_of: InputsOf) -> None:
    found = tsir.bench(MODELS / "tiny.pt", "freeze", inputs=inputs_of("tiny"), batch="1,4", **SHORT)
    assert isinstance(found.tsir, tsir.schema.BenchSweep)
    assert [point.coordinates["batch"] for point in found.tsir.points] == ["1", "4"]
    assert len(found.variants) == sum(len(p.report.variants) for p in found.tsir.points if p.report is not None)


def test_bench_tells_failed_variants() -> None:
    found = tsir.bench(RELU, "bad-result", inputs=["float32[2,3]"], load_pass_plugin=[BAD_PASSES], **SHORT)
    assert found.variants[1].state == "wrong"
    assert found.contrasts[0].verdict == "NOT TIMED" and found.contrasts[0].speedup is None


def test_tune(inputs_of: InputsOf) -> None:
    found = tsir.tune(MODELS / "tiny.pt", inputs=inputs_of("tiny"), max_time=4, search="freeze", further=1)
    assert found.candidates[0].name == "as loaded"
    assert not found.interrupted and "<table>" in found._repr_html_()


def test_diff() -> None:
    assert not tsir.diff(MODELS / "tiny.pt")
    found = tsir.diff(MODELS / "tiny.pt", other_passes="freeze")
    assert found and found.differ
    assert '<span style="color:#cf222e">' in found._repr_html_()
    assert tsir.diff(MODELS / "tiny.pt", MODELS / "control.pt").nodes


def test_draw(tmp_path: Path) -> None:
    drawing = tsir.draw(MODELS / "resnet18.pt")
    svg = drawing._repr_svg_()
    assert svg is not None and "<svg" in svg
    assert drawing.level and drawing.finer.startswith("tsir dot ")
    drawing.save(tmp_path / "out.svg")
    assert (tmp_path / "out.svg").read_bytes() == drawing.content
    text = tsir.draw(MODELS / "tiny.pt", format="dot", passes="freeze", no_legend=True)
    assert text.content.startswith(b"digraph") and text._repr_svg_() is None


def test_report(inputs_of: InputsOf, tmp_path: Path) -> None:
    page = tsir.report(MODELS / "tiny.pt", "freeze,cse", inputs=inputs_of("tiny"), no_bench=True)
    assert page.data.passes_run[-1].verdict
    assert page._repr_html_().startswith("<iframe srcdoc=")
    page.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text() == page.html


def test_passes() -> None:
    assert {"freeze-module", "fuse"} <= {each.name for each in tsir.passes()}
    only = tsir.passes("cse")
    assert [each.name for each in only] == ["eliminate-common-subexpression"]


# --- modules and tensors ----------------------------------------------------------------------------------------------


def test_modules_and_tensors() -> None:
    import torch

    class Scale(torch.nn.Module):
        def __init__(self, factor: float) -> None:
            super().__init__()
            self.factor = factor

        def forward(self, x: torch.Tensor, more: list[torch.Tensor]) -> torch.Tensor:
            return x * self.factor + more[0]

    module = torch.jit.script(Scale(2.0))
    found = tsir.dump(module)
    assert found.module is not None and found.module.class_.endswith("Scale")
    x = torch.nn.Parameter(torch.full((2, 3), 2.0))
    part = torch.arange(12.0).reshape(4, 3)[::2]  # a part of a storage, with strides
    run = tsir.run(module, inputs=(x, [part]))
    assert run.outputs[0].values == ["4", "5", "6", "10", "11", "12"]
    named = tsir.run(module, inputs={"more": [part], "x": x})
    assert named.outputs[0].values == run.outputs[0].values
    assert tsir.verify(module, "freeze{eval=true}", inputs=(x, [part])).ok

    tsir.assert_equivalent(module, module, (x, [part]))
    tsir.assert_equivalent(module, torch.jit.script(Scale(2.0 + 1e-9)), (x, [part]))
    other = torch.jit.script(Scale(2.5))
    with pytest.raises(AssertionError, match="does not do what the first does"):
        tsir.assert_equivalent(module, other, (x, [part]))
    tsir.assert_equivalent(module, other, (x, [part]), tolerance="10")

    with pytest.raises(TypeError, match="torch.jit.script or torch.jit.trace makes one"):
        tsir.dump(Scale(1.0))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a path or a torch.jit.ScriptModule, not a int"):
        tsir.dump(3)  # type: ignore[arg-type]


def test_one_tensor() -> None:
    import torch

    def double(x: torch.Tensor) -> torch.Tensor:
        return x + x

    function = torch.jit.trace(double, torch.ones(2))
    assert tsir.run(function, inputs=torch.ones(2)).outputs[0].values == ["2", "2"]


def test_values_as_texts(inputs_of: InputsOf) -> None:
    by_value = tsir.run(MODELS / "control.pt", inputs=["float32[4,8]", 3, None])
    by_text = tsir.run(MODELS / "control.pt", inputs=inputs_of("control"))
    assert by_value.outputs == by_text.outputs


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "True"),
        (-3, "-3"),
        (1e-7, "1e-07"),
        (1 - 2j, "1.0-2.0j"),
        ('a"\n', '"a\\"\\n"'),
        ((1,), "(1,)"),
        ([1, (2, None)], "[1, (2, None)]"),
        ({"k": [0.5]}, '{"k": [0.5]}'),
    ],
)
def test_text_of(value: Any, text: str) -> None:
    from tsir._inputs import text_of

    assert text_of(value) == text


def test_unknown_values_are_refused() -> None:
    with pytest.raises(TypeError, match="an input must be a text, a tensor or another plain value, not a set"):
        tsir.run(MODELS / "tiny.pt", inputs=[{1, 2}])


def test_torch_is_not_imported() -> None:
    code = (
        "import sys, tsir; tsir.dump(sys.argv[1] if len(sys.argv) > 1 else %r); "
        "tsir.run(%r, inputs=['float32[4,16]']); print('torch' in sys.modules)"
    ) % (str(MODELS / "tiny.pt"), str(MODELS / "tiny.pt"))
    done = python(code)
    assert done.stdout == "False\n", done.stderr


def test_equivalent_files(inputs_of: InputsOf, tmp_path: Path) -> None:
    tsir.opt(MODELS / "tiny.pt", "freeze", output=tmp_path / "frozen.pt")
    tsir.assert_equivalent(MODELS / "tiny.pt", tmp_path / "frozen.pt", inputs_of("tiny"), sets=2)
    with pytest.raises(tsir.Error):
        tsir.assert_equivalent(MODELS / "tiny.pt", tmp_path / "frozen.pt", ["float32[4,3]"])


# --- errors -----------------------------------------------------------------------------------------------------------


def test_errors(tmp_path: Path) -> None:
    with pytest.raises(tsir.LoadError, match="nothing.pt") as missing:
        tsir.dump(tmp_path / "nothing.pt")
    assert missing.value.code == 3 and missing.value.stderr.startswith("tsir: error: ")
    assert "\n" not in missing.value.line
    with pytest.raises(tsir.UsageError, match="there is no pass 'nothing'") as wrong:
        tsir.opt(MODELS / "tiny.pt", "nothing")
    assert wrong.value.code == 2
    with pytest.raises(tsir.UsageError):
        tsir.dump(MODELS / "tiny.pt", no_such_option=True)
    with pytest.raises(tsir.PassError):
        tsir.opt(RELU, "bad-throw", load_pass_plugin=BAD_PASSES)
    with pytest.raises(tsir.CrashError, match="crashed") as crash:
        tsir.opt(RELU, "bad-crash", load_pass_plugin=BAD_PASSES)
    assert crash.value.code == 5
    with pytest.raises(tsir.CheckError, match="differ"):
        tsir.opt(RELU, "bad-result", inputs=["float32[2,3]"], compare=True, load_pass_plugin=BAD_PASSES)
    copy = pickle.loads(pickle.dumps(crash.value))
    assert (type(copy), copy.line, copy.code) == (tsir.CrashError, crash.value.line, 5)


def test_unknown_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        tsir.nothing  # type: ignore[attr-defined]
    assert set(dir(tsir)) == set(tsir.__all__)
    for name in tsir.__all__:
        assert getattr(tsir, name) is not None


def processes_with(text: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:  # it ended
            pass
    return found


def test_interrupt(tmp_path: Path) -> None:
    model = tmp_path / "interrupted.pt"
    model.write_bytes((MODELS / "tiny.pt").read_bytes())

    def interrupt() -> None:
        for _ in range(600):
            time.sleep(0.1)
            if processes_with(str(model)):
                time.sleep(1)
                break
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        tsir.bench(model, "freeze", inputs=["float32[4,16]"], rounds=1000, blocks=1000, max_time=600)
    assert time.monotonic() - begun < 60
    assert processes_with(str(model)) == []


# --- the program ------------------------------------------------------------------------------------------------------


def test_program_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tsir.program() == str(PROGRAM)
    monkeypatch.setenv("TSIR_PROGRAM", str(tmp_path / "nothing"))
    with pytest.raises(tsir.LoadError, match="there is no such program"):
        tsir.program()
    monkeypatch.delenv("TSIR_PROGRAM")
    script = tmp_path / "scripts" / "tsir"  # a console script, which would come back
    script.parent.mkdir()
    script.write_text("#!/bin/sh\nexit 9\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(script.parent))
    with pytest.raises(tsir.LoadError, match="was not found"):
        tsir.program()
    monkeypatch.setenv("PATH", f"{script.parent}:{PROGRAM.parent}")
    assert tsir.program() == str(PROGRAM)


def test_python_m_tsir() -> None:
    own = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    variables = {**os.environ, "PYTHONPATH": str(SOURCE / "python")}
    command = [sys.executable, "-m", "tsir"]
    assert subprocess.run([*command, "--version"], env=variables, capture_output=True, text=True).stdout == own
    wrong = subprocess.run([*command, "dump", "nothing.pt"], env=variables, capture_output=True, text=True)
    assert wrong.returncode == 3 and wrong.stderr.startswith("tsir: error: ")


def fake_installation(folder: Path, torch: str | None, built_with: str = "2.13.0") -> dict[str, str]:
    """A package with a program that says that it runs, beside a torch of some version."""
    package = folder / "tsir"
    (package / "bin").mkdir(parents=True)
    for file in (SOURCE / "python" / "tsir").glob("*.py"):
        (package / file.name).write_text(file.read_text())
    (package / "built_with_torch").write_text(built_with + "\n")
    (package / "bin" / "tsir").write_text('#!/bin/sh\necho "runs $* $LD_LIBRARY_PATH"\n')
    (package / "bin" / "tsir").chmod(0o755)
    if torch is not None:
        (folder / "torch" / "lib").mkdir(parents=True)
        (folder / "torch" / "__init__.py").write_text("raise RuntimeError('torch was imported')\n")
        (folder / "torch" / "version.py").write_text(f"__version__ = '{torch}'\n")
    return {"PYTHONPATH": str(folder), "PATH": os.environ["PATH"]}


def run_fake(variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    # -S: without the torch of these tests.
    return subprocess.run([sys.executable, "-S", "-m", "tsir", "a b"], env=variables, capture_output=True, text=True)


def test_torch_beside_the_program(tmp_path: Path) -> None:
    assert run_fake(fake_installation(tmp_path / "same", "2.13.1+cpu")).stdout == "runs a b \n"
    other = run_fake(fake_installation(tmp_path / "other", "2.14.1"))
    assert other.returncode == 3 and other.stdout == ""
    assert other.stderr == (
        "tsir: error: this tsir was built for torch 2.13, and torch 2.14.1 is installed: install torch==2.13.*, or "
        "build tsir again beside this torch\n"
    )
    none = run_fake(fake_installation(tmp_path / "none", None))
    assert none.stderr == "tsir: error: torch is not installed: pip install 'torch==2.13.*'\n"


def test_torch_elsewhere(tmp_path: Path) -> None:
    variables = fake_installation(tmp_path / "package", "2.13.0")
    (tmp_path / "package" / "torch").rename(tmp_path / "torch")
    variables["PYTHONPATH"] += f":{tmp_path}"
    assert run_fake(variables).stdout == f"runs a b {tmp_path}/torch/lib\n"


# --- types and notebooks ----------------------------------------------------------------------------------------------


def test_types() -> None:
    pytest.importorskip("mypy")
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=SOURCE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", str(SOURCE / "python"))
    tiny = str(MODELS / "tiny.pt")
    cells = {
        "image/svg+xml": f"import tsir\ntsir.draw({tiny!r})",
        "text/html": f"tsir.verify({tiny!r}, 'freeze', inputs=['float32[4,16]'])",
        "text/plain": f"tsir.dump({tiny!r}).module.submodules",
    }
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells.values()])
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute()
    for kind, cell in zip(cells, book.cells):
        assert kind in cell.outputs[0]["data"], cell.outputs
