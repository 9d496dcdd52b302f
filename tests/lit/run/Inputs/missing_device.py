"""Writes a module that moves its input to a device that few machines have: missing_device.py FILE"""
import sys

import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.place = "mps:0"

    def forward(self, x):
        return x.to(torch.device(self.place)) + 1


torch.jit.script(Net()).save(sys.argv[1])
