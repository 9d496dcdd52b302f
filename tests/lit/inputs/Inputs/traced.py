"""Traces modules, whose files then hold the shapes of their inputs: traced.py FOLDER"""
import pathlib
import sys

import torch

FOLDER = pathlib.Path(sys.argv[1])


class Shape(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = torch.nn.Conv2d(3, 4, 3)
        self.linear = torch.nn.Linear(4 * 14 * 14, 2)

    def forward(self, image, scale):
        return self.linear(torch.relu(self.convolution(image)).flatten(1)) * scale


class Nested(torch.nn.Module):
    def forward(self, parts, table, single):
        return parts[0].sum() + parts[1].sum() + table["a"].sum() + single[0].sum()


torch.manual_seed(0)
torch.jit.trace(Shape().eval(), (torch.randn(1, 3, 16, 16), torch.tensor(2.0))).save(FOLDER / "shape.pt")
inputs = ([torch.ones(2), torch.ones(3)], {"a": torch.ones(2, dtype=torch.int64)}, (torch.ones(1, dtype=torch.float64),))
torch.jit.trace(Nested(), inputs, strict=False).save(FOLDER / "nested.pt")
