"""Writes a module of two methods with several overloads of an operator: op_names.py FILE"""
import sys

import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3, 3)

    def forward(self, x):
        return torch.add(self.fc(x), 1.0) + x + x.mean(0) + x.mean()

    @torch.jit.export
    def aux(self, x):
        return torch.bincount(x).float().std()


torch.jit.script(Net().eval()).save(sys.argv[1])
