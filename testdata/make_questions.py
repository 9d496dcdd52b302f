#!/usr/bin/env python3
"""Makes small models of the kinds that owners of models ask about in public: testdata/make_questions.py FOLDER NAME…

FOLDER/NAME.pt is the model. The tests in tests/lit/questions ask tsir the question.
"""
import pathlib
import sys
import warnings
import zipfile
from typing import Dict, List

import torch
from torch import nn

warnings.simplefilter("ignore")


class Averaged(nn.Module):
    """Keeps a running mean of its results in a buffer, which it also adds."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 6)
        self.register_buffer("mean", torch.zeros(6))

    def forward(self, x):
        y = torch.relu(self.layer(x) + self.mean)
        self.mean = 0.5 * self.mean + 0.5 * y.mean(0)
        return y


class Biased(nn.Module):
    """Adds a buffer that nothing changes."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 6)
        self.register_buffer("shift", torch.arange(6.0))

    def forward(self, x):
        return torch.relu(self.layer(x) + self.shift)


class Masked(nn.Module):
    """Adds an input under a condition, so that no run profiles the addition if the condition is false."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 6)

    def forward(self, x, mask, use: bool):
        y = self.layer(x)
        if use:
            y = y + mask
        return torch.relu(y)


class Streaming(nn.Module):
    """Carries a state, a counter and a history from call to call."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 3)
        self.state = torch.zeros(1, 3)
        self.calls = 0
        self.history = torch.jit.Attribute([], List[torch.Tensor])

    def forward(self, x):
        self.state = torch.tanh(self.layer(x) + self.state)
        self.calls += 1
        self.history.append(self.state)
        return self.state, self.calls, len(self.history)


class Cache(nn.Module):
    """Writes a row of a buffer through a view."""

    def __init__(self):
        super().__init__()
        self.register_buffer("rows", torch.zeros(4, 3))

    def forward(self, x):
        self.rows[1] = self.rows[1] + x
        return self.rows.sum(0)


class Baked(nn.Module):
    """Its trace fixes the device of what is made inside, and of a copy."""

    def __init__(self):
        super().__init__()
        self.register_buffer("shift", torch.ones(4))

    def forward(self, x):
        return x + self.shift + torch.ones(4, device=x.device) + torch.rand(1).to(x.device)


class Asks(nn.Module):
    """Asks for the device, and names one only for a GPU."""

    def __init__(self):
        super().__init__()
        self.register_buffer("weight", torch.ones(3))

    def forward(self, x):
        y = x * self.weight
        if x.device == torch.device("cuda:0"):
            y = y * 2
        if x.is_cuda:
            y = y.to(torch.device("cuda:0"))
        return y


class Energy(nn.Module):
    """Differentiates its own result, as models of forces do."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))

    def forward(self, data: Dict[str, torch.Tensor]) -> Dict[str, torch.Tensor]:
        places = data["places"].requires_grad_(True)
        energy = self.net(places).sum()
        slope = torch.autograd.grad([energy], [places])[0]
        assert slope is not None
        return {"energy": energy.detach(), "forces": -slope}


class Words(nn.Module):
    """Holds text in many languages, in attributes and in code."""

    def __init__(self):
        super().__init__()
        self.table = {"größe": 1, "日本": 2, "a\\b": 3, "tab\t": 4}
        self.parts = nn.ModuleDict({"tête": nn.Linear(2, 2)})

    def forward(self, word: str):
        return [word, "naïve", "線", '"quoted"'], self.table[word]


class Aged(nn.Module):
    """Calls operators whose defaults have changed since format 3."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(5, 5)

    def forward(self, x):
        return nn.functional.gelu(self.layer(x)) + torch.linspace(0.0, 1.0, x.size(-1))


SCRIPTED = {kind.__name__.lower(): kind
            for kind in (Averaged, Biased, Masked, Streaming, Cache, Asks, Energy, Words, Aged)}
TRACED = {"baked": (Baked, torch.randn(2, 4))}


def rewritten(source, target, change):
    """Copies a file with each entry changed, or left out if change() returns None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)


def format_3(name, content):
    if name.endswith((".debug_pkl", "serialization_id", "byteorder", ".format_version", ".storage_alignment")):
        return None
    return b"3\n" if name.endswith("/version") else content


def on_gpu(name, content):
    if name.endswith(".pkl"):
        return content.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
    return content.replace(b'torch.device("cpu")', b'torch.device("cuda:0")') if name.endswith(".py") else content


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:]:
        torch.manual_seed(0)
        path = folder / f"{name}.pt"
        if name == "old":
            torch.jit.script(Aged().eval()).save(folder / "aged.pt")
            rewritten(folder / "aged.pt", path, format_3)
        elif name == "gpu":
            torch.jit.trace(Baked().eval(), torch.randn(2, 4), check_trace=False).save(folder / "baked.pt")
            rewritten(folder / "baked.pt", path, on_gpu)
        elif name in TRACED:
            kind, example = TRACED[name]
            torch.jit.trace(kind().eval(), example, check_trace=False).save(path)
        else:
            torch.jit.script(SCRIPTED[name]().eval()).save(path)


if __name__ == "__main__":
    main()
