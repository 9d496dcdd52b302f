"""Writes traced models to a folder: fixed.pt takes one batch size only, free.pt any; rows of ranked.pt depend on others."""
import sys

import torch


class Fixed(torch.nn.Module):
    def forward(self, x):
        rows = int(x.shape[0])  # a number: the trace writes it down
        return x.reshape(rows, 2, 4).sum(2)


class Free(torch.nn.Module):
    def forward(self, x):
        return x.reshape(-1, 2, 4).sum(2)


class Ranked(torch.nn.Module):
    def forward(self, x):
        return x - x.mean(0)


for name, model in (("fixed", Fixed()), ("free", Free()), ("ranked", Ranked())):
    torch.jit.trace(model, torch.randn(3, 8)).save(f"{sys.argv[1]}/{name}.pt")
