"""Writes modules that change their attributes or inputs: state.py FOLDER"""
import pathlib
import sys
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
FOLDER = pathlib.Path(sys.argv[1])


class Streaming(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.h = torch.zeros(1, 4)
        self.n = 0
        self.history = torch.jit.Attribute([], list[torch.Tensor])

    def forward(self, x):
        self.h = torch.tanh(self.fc(x) + self.h)
        self.n += 1
        self.history.append(self.h)
        return self.h, self.n, len(self.history)


class Holds(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Streaming()
        self.second = Streaming()

    def forward(self, x):
        return self.second(self.first(x)[0])[0]


class View(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("cache", torch.zeros(4, 3))

    def forward(self, x, i: int):
        self.cache[i] = x
        return self.cache.sum(0)


class Elements(nn.Module):
    def __init__(self):
        super().__init__()
        self.caches = [torch.zeros(3), torch.zeros(3)]
        self.table = {"k": torch.zeros(3)}
        self.history = torch.jit.Attribute([], list[torch.Tensor])

    def forward(self, x):
        self.caches[1].add_(x)
        self.table["k"] = x
        self.history.append(x)
        return self.caches[1] + self.table["k"]


class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("buffer", torch.ones(3))

    def forward(self, x):
        self.buffer.view(-1)[1:].zero_()
        return x + self.buffer


def doubled(t):
    return t.mul_(2)


class Called(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = Part()
        self.register_buffer("state", torch.ones(3))
        self.register_buffer("looped", torch.ones(3))

    def forward(self, x, n: int):
        x.add_(1)
        y = self.looped
        for _ in range(n):
            y = y.sub_(1)
        if n > 1:
            doubled(self.state)
        return self.part(x) + y


class Local(nn.Module):
    def forward(self, x):
        parts = [x + 1, x + 2]
        parts[0].add_(1)
        others = [x]
        others.append(x)
        y = torch.zeros(3)
        y[0] = 1
        return parts[0] + y


class Forked(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("buffer", torch.ones(3))

    def update(self, x):
        return self.buffer.add_(x)

    def forward(self, x):
        return torch.jit.wait(torch.jit.fork(self.update, x))


for kind in (Streaming, Holds, View, Elements, Called, Local, Forked):
    torch.jit.script(kind().eval()).save(FOLDER / f"{kind.__name__}.pt")


class PartTrains(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(3)

    def forward(self, x):
        return self.norm(x)


part = PartTrains().eval()
part.norm.train()
torch.jit.script(part).save(FOLDER / "PartTrains.pt")
trains = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
torch.jit.trace(trains, torch.randn(4, 3), check_trace=False).eval().save(FOLDER / "Trains.pt")
