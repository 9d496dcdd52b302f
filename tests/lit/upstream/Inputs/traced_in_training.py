"""Traces layers whose batch norm is in training mode, and then puts them into eval mode: traced_in_training.py FOLDER"""
import pathlib
import sys
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")


def save(name, net, x):
    torch.jit.trace(net, x, check_trace=False).eval().save(str(pathlib.Path(sys.argv[1]) / f"{name}.pt"))


torch.manual_seed(0)
save("linear", nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4)), torch.randn(8, 6))
save("convolution", nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)), torch.randn(2, 3, 6, 6))
both = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4))
both[1].eval()
save("both", both, torch.randn(2, 3, 6, 6))
