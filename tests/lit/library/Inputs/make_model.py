"""Scripts a module that calls a custom operator and holds an object of a custom class: make_model.py LIBRARY FILE."""
import sys

import torch

torch.ops.load_library(sys.argv[1])


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(4))
        self.counter = torch.classes.tsir_test.Counter(40)

    def forward(self, x):
        return torch.ops.tsir_test.scale_and_shift(x * self.weight, 2.0, 1.0) + self.counter.next()


torch.jit.script(Model().eval()).save(sys.argv[2])
