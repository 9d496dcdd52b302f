"""Writes models that carry state to the folder that is given: attributes that are set, and a write through a view."""
import sys
from typing import List

import torch


class Streaming(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(4, 4)
        self.h = torch.zeros(1, 4)
        self.n = 0
        self.history = torch.jit.Attribute([], List[torch.Tensor])

    def forward(self, x):
        self.h = torch.tanh(self.fc(x) + self.h)
        self.n += 1
        self.history.append(self.h)
        return self.h, self.n, len(self.history)


class View(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("cache", torch.zeros(4, 3))

    def forward(self, x, i: int):
        self.cache[i] = x
        return self.cache.sum(0)


for module in (Streaming(), View()):
    torch.jit.script(module.eval()).save(f"{sys.argv[1]}/{type(module).__name__}.pt")
