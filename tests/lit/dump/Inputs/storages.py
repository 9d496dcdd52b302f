"""Writes a module whose tensors share storages, or show only a part of theirs: storages.py FOLDER"""
import pathlib
import sys
import zipfile

import torch

FOLDER = pathlib.Path(sys.argv[1])


class Tied(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = torch.nn.Embedding(1000, 64)
        self.out = torch.nn.Linear(64, 1000, bias=False)
        self.out.weight = self.emb.weight
        self.register_buffer("window", torch.randn(200000)[1000:1100])
        self.register_buffer("columns", torch.randn(10, 100)[:, ::2])

    def forward(self, x):
        return self.out(self.emb(x) + self.window[:64]) + self.columns.sum()


torch.jit.trace(Tied().eval(), torch.tensor([[1, 2]])).save(FOLDER / "plain.pt")
with zipfile.ZipFile(FOLDER / "plain.pt") as old, zipfile.ZipFile(FOLDER / "tied.pt", "w", zipfile.ZIP_STORED) as new:
    for name in old.namelist():
        new.writestr(name, old.read(name))
    new.writestr("plain/data/99", bytes(1000))
