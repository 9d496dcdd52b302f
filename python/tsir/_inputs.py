"""Models and inputs as files and arguments for the program."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Union

if TYPE_CHECKING:
    import torch

Model = Union[str, "os.PathLike[str]", "torch.jit.ScriptModule", "torch.jit.ScriptFunction[Any, Any]"]
# A text as for --input, or a value: a tensor, number, string, None, list, tuple or dict.
Inputs = Union[str, "torch.Tensor", Sequence[Any], Mapping[str, Any], None]


class Workspace:
    """A temporary folder for what the program reads and writes."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tsir-")
        self.path = Path(self._folder.name)
        self._models = 0

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def model(self, model: Model) -> str:
        """The path of the model, which is saved first if it is a module."""
        if isinstance(model, (str, os.PathLike)):
            path = os.fspath(model)
            return f"./{path}" if path.startswith("-") else path
        import torch

        if not isinstance(model, (torch.jit.ScriptModule, torch.jit.ScriptFunction)):
            kind = type(model).__name__
            advice = ": torch.jit.script or torch.jit.trace makes one" if isinstance(model, torch.nn.Module) else ""
            raise TypeError(f"a model must be a path or a torch.jit.ScriptModule, not a {kind}{advice}")
        # The name is shown in reports.
        name = getattr(model, "original_name", None) or getattr(model, "name", None) or "module"
        folder = self.path / str(self._models)
        folder.mkdir()
        self._models += 1
        path = str(folder / f"{name}.pt")
        model.save(path)
        return path

    def inputs(self, inputs: Inputs) -> list[str]:
        """The arguments for the inputs: --input if all are texts or can be written as texts, else --inputs."""
        if inputs is None:
            return []
        if isinstance(inputs, Mapping):
            named = [(f"{name}=", value) for name, value in inputs.items()]
        elif isinstance(inputs, Sequence) and not isinstance(inputs, str):
            named = [("", value) for value in inputs]
        else:
            inputs = (inputs,)
            named = [("", inputs[0])]
        if not any(_has_tensor(value) for _, value in named):
            return [f"--input={name}{value if isinstance(value, str) else text_of(value)}" for name, value in named]
        import torch

        file = self.path / "inputs.pt"
        values = dict(inputs) if isinstance(inputs, Mapping) else tuple(inputs)
        torch.save(_plain(values), file)
        return [f"--inputs={file}"]


def text_of(value: Any) -> str:
    """A value as text for --input. A string stands for itself: quotes are added."""
    if value is None or isinstance(value, (bool, int, float)):
        return str(value)
    if isinstance(value, complex):
        return f"{value.real!r}{value.imag:+}j"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if isinstance(value, tuple):
        return "(" + ", ".join(map(text_of, value)) + (",)" if len(value) == 1 else ")")
    if isinstance(value, list):
        return "[" + ", ".join(map(text_of, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{text_of(key)}: {text_of(item)}" for key, item in value.items()) + "}"
    raise TypeError(f"an input must be a text, a tensor or another plain value, not a {type(value).__name__}")


def _has_tensor(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_tensor, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_has_tensor, value))
    # Without importing torch: whoever has a tensor has imported it.
    return any(f"{kind.__module__}.{kind.__name__}" == "torch.Tensor" for kind in type(value).__mro__)


def _plain(value: Any) -> Any:
    """The value without what the program does not read: gradients, parameters, devices, and the rest of a storage of
    which a tensor shows a part."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if not _has_tensor(value):
        return value
    tensor = value.detach().cpu()
    shown = tensor.numel() * tensor.element_size()
    strided = str(tensor.layout) == "torch.strided"
    return tensor.clone() if strided and tensor.untyped_storage().nbytes() > shown else tensor
