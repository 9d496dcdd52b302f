"""Writes modules with names and strings beyond ASCII: attribute_beyond_ascii.py FOLDER"""
import pathlib
import sys

import torch

FOLDER = pathlib.Path(sys.argv[1])


class Named(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("α", torch.tensor(2.0))

    def forward(self, x):
        return x * self.α


class Strings(torch.nn.Module):
    def forward(self, x, word: str):
        n = 0
        if word == 'à "q"':
            n += 1
        if word == "日本":
            n += 2
        return x * n


torch.jit.script(Named()).save(FOLDER / "scripted.pt")
torch.jit.script(Strings()).save(FOLDER / "strings.pt")
