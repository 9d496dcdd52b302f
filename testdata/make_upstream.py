#!/usr/bin/env python3
"""Makes small models that show known defects of LibTorch, named after the reports: testdata/make_upstream.py FOLDER

Each was written from the description in its report. docs/upstream_defects.md says what tsir does with them.
"""
import math
import pathlib
import sys

import torch
from torch import nn


def scaled(layer, factor=4):
    """Scales the weights so that clip changes the result."""
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.mul_(factor)
    return layer


class ClampOfSharedConvolution(nn.Module):
    """pytorch#86527: clamp overwrites the convolution's result, which floor still needs."""

    def __init__(self):
        super().__init__()
        self.factor = torch.rand(1, 2, 1, 1)
        self.layer = scaled(nn.Conv2d(2, 1, kernel_size=(1, 2)))

    def forward(self, x):
        x = self.layer(torch.mul(x, self.factor))
        return torch.clip(x, -0.5, 0.5), torch.floor(x)


class MaximumOfSharedConvolution(nn.Module):
    """pytorch#86556: a convolution whose result is used twice, by max and by clip."""

    def __init__(self):
        super().__init__()
        self.layer = scaled(nn.Conv2d(1, 2, kernel_size=(2, 4), stride=2, padding=2, dilation=(2, 1)))

    def forward(self, x):
        y = self.layer(x)
        return torch.max(y, x), torch.clip(y, -0.5, 0.5)


class BatchNorm1dAfterLinear(nn.Module):
    """pytorch#61223: batch norm over two or three dimensions, which MKLDNN's operator rejects."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(16, 4)
        self.norm = nn.BatchNorm1d(4)

    def forward(self, x):
        return self.norm(torch.relu(self.layer(x)))


class BatchNorm1dAfterConvolution(nn.Module):
    """pytorch#61223: as above, after a convolution that is moved to MKLDNN."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm1d(4)

    def forward(self, x):
        return self.norm(torch.flatten(torch.relu(self.layer(x)), 1))


class BatchNorm2dAfterLinear(nn.Module):
    """pytorch#92674, #118990: the layer's number of features is not the batch norm's number of channels."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(1, 3)
        self.norm = nn.BatchNorm2d(2)

    def forward(self, x):
        return self.norm(self.layer(x))


class UpsampledTwice(nn.Module):
    """pytorch#100730: eliminate-exceptions never finished with the checks of the two calls."""

    def __init__(self):
        super().__init__()
        self.upsample = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.upsample(x) + self.upsample(x)


class BatchNorm2d(nn.Module):
    """Has the class name that LibTorch looks for, but another implementation."""

    __module__ = "torch.nn.modules.batchnorm"

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(4))
        self.bias = nn.Parameter(torch.rand(4))
        self.register_buffer("running_mean", torch.zeros(4))
        self.register_buffer("running_var", torch.ones(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - self.running_mean.view(-1, 1, 1)) * self.weight.view(-1, 1, 1) + self.bias.view(-1, 1, 1)


class HandMadeBatchNorm(nn.Module):
    """LibTorch looks for eps in an aten::batch_norm that does not exist."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(3, 4, 3)
        self.norm = BatchNorm2d()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(self.layer(x))


class Stacked(nn.Module):
    """prim::VarStack is written to a .pt without its arguments."""

    def forward(self, x):
        return torch.stack([x, torch.relu(x)])


class Convolution(nn.Module):
    """pytorch#69608: the result of optimize_for_inference saves without an error, but does not load."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return torch.relu(self.layer(x))


class AssignsARow(nn.Module):
    """pytorch#69989: remove-inplace-ops and then dead code elimination leave an empty graph."""

    def forward(self, x):
        x[2] = 9
        return x


class SizesOfAnInput(nn.Module):
    """pytorch#37748: freezing a traced module that was not saved and loaded keeps the sizes of the trace."""

    def forward(self, x):
        return x.size(0) * torch.ones(1), x + 1


class ReducedLayer(nn.Module):
    """pytorch#76578, #88448: a layer without a bias in reduced precision, as made by autocast, and batch norm."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer.to(torch.bfloat16)
        self.norm = nn.BatchNorm2d(4)
        with torch.no_grad():
            self.norm.running_mean.uniform_()
            self.norm.running_var.uniform_(0.5, 2)

    def forward(self, x):
        return self.norm(self.layer(x.to(torch.bfloat16)))


class SharedExpressions(nn.Module):
    """pytorch#75903: each sum is used twice by the next one, so the last one as a tree has 2^steps leaves."""

    def __init__(self, steps):
        super().__init__()
        self.steps = steps

    def forward(self, x):
        for _ in range(self.steps):
            x = torch.sin(x) + torch.cos(x)
        return x


class TanhOfAPolynomial(nn.Module):
    """pytorch#74534: element-wise operators, which a fuser computes differently from the second call on."""

    def forward(self, x):
        return torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)) * torch.sigmoid(x)


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.scale = nn.Parameter(torch.rand(width))
        self.shift = nn.Parameter(torch.rand(width))

    def forward(self, x):
        return self.scale * (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + 1e-6) + self.shift


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.parts = nn.ModuleList([nn.Linear(width, width) for _ in range(3)])
        self.out = nn.Linear(width, width)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x, mask: torch.Tensor | None):
        parts = [part(x).view(x.size(0), x.size(1), self.heads, -1).transpose(1, 2) for part in self.parts]
        weights = torch.matmul(parts[0], parts[1].transpose(-2, -1)) / math.sqrt(parts[0].size(-1))
        if mask is not None:
            weights = weights.masked_fill(mask == 0, -1e9)
        weights = self.dropout(torch.softmax(weights, -1))
        return self.out(torch.matmul(weights, parts[2]).transpose(1, 2).reshape(x.shape))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attention = Attention(width, heads)
        self.norms = nn.ModuleList([Norm(width) for _ in range(2)])
        self.feed = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(0.1), nn.Linear(2 * width, width))

    def forward(self, x, mask: torch.Tensor | None):
        for i, norm in enumerate(self.norms):
            x = x + (self.attention(norm(x), mask) if i == 0 else self.feed(norm(x)))
        return x


class SmallBert(nn.Module):
    """pytorch#54440: a scripted BERT with custom layers for norm and attention failed after freezing."""

    def __init__(self, tokens=50, width=16):
        super().__init__()
        self.tokens = nn.Embedding(tokens, width, padding_idx=0)
        self.segments = nn.Embedding(3, width, padding_idx=0)
        self.register_buffer("positions", torch.rand(1, 32, width))
        self.blocks = nn.ModuleList([Block(width, 4) for _ in range(2)])

    def forward(self, x, segments):
        mask = (x > 0).unsqueeze(1).repeat(1, x.size(1), 1).unsqueeze(1)
        y = self.tokens(x) + self.positions[:, : x.size(1)] + self.segments(segments)
        for block in self.blocks:
            y = block(y, mask)
        return y


class ForksALayer(nn.Module):
    """One layer runs beside another: insert-observers fails on it once the calls are inlined."""

    def __init__(self):
        super().__init__()
        self.beside = nn.Linear(4, 4)
        self.layer = nn.Linear(4, 4)

    def forward(self, x):
        future = torch.jit.fork(self.beside, x)
        return self.layer(x) + torch.jit.wait(future)


MODELS = {
    "clamp_86527": (ClampOfSharedConvolution, torch.rand(1, 2, 2, 2)),
    "maximum_86556": (MaximumOfSharedConvolution, torch.zeros(1, 1, 1, 2)),
    "batch_norm_61223": (BatchNorm1dAfterLinear, torch.rand(2, 16)),
    "batch_norm_convolution_61223": (BatchNorm1dAfterConvolution, torch.rand(2, 3, 3, 3)),
    "linear_92674": (BatchNorm2dAfterLinear, torch.rand(12, 2, 7, 1)),
    "stacked": (Stacked, torch.rand(2, 3)),
    "convolution_69608": (Convolution, torch.rand(1, 3, 8, 8)),
    "assign_69989": (AssignsARow, torch.rand(5, 4)),
    "sizes_37748": (SizesOfAnInput, torch.rand(5, 4)),
    "reduced_convolution_76578": (lambda: ReducedLayer(nn.Conv2d(3, 4, 3, bias=False)), torch.rand(2, 3, 8, 8)),
    "reduced_linear_88448": (lambda: ReducedLayer(nn.Linear(4, 4, bias=False)), torch.rand(2, 4, 4, 4)),
    "shared_75903": (lambda: SharedExpressions(20), torch.rand(8)),
    "shared_little_75903": (lambda: SharedExpressions(4), torch.rand(8)),
    "tanh_74534": (TanhOfAPolynomial, torch.rand(32)),
}

# Scripted, because tracing would lose the checks, the class name and one branch of the mask.
SCRIPTED = {
    "upsampled_100730": UpsampledTwice,
    "batch_norm_class": HandMadeBatchNorm,
    "bert_54440": SmallBert,
    "forked": ForksALayer,
}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, (kind, example) in MODELS.items():
        torch.manual_seed(0)
        torch.jit.trace(kind().eval(), example.clone(), check_trace=False).save(str(folder / f"{name}.pt"))
    for name, kind in SCRIPTED.items():
        torch.manual_seed(0)
        torch.jit.script(kind().eval()).save(str(folder / f"{name}.pt"))


if __name__ == "__main__":
    main()
