"""Writes a model that differentiates inside forward: it runs only with autograd on."""
import sys
from typing import List, Optional

import torch


class Forces(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor([0.5, -1.0, 2.0]))

    def forward(self, x):
        place = x.detach().requires_grad_(True)
        energy = (torch.sin(place) * self.weight).sum()
        gradients: List[Optional[torch.Tensor]] = torch.autograd.grad([energy], [place])
        gradient = gradients[0]
        assert gradient is not None
        return -gradient


torch.jit.script(Forces().eval()).save(sys.argv[1])
