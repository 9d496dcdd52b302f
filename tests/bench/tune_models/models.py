#!/usr/bin/env python3
"""Makes the models of tests/bench/tune_models.py that testdata/make_models.py does not make.

    models.py FOLDER [NAME …]      # default: all whose packages are installed

mobilenet_v3 needs torchvision, gpt2 needs transformers: in the folder that $TSIR_SITE names, as tests/public_models.py
installs them. Each function returns the module that NAME.pt was made from, so `tools/rivals/eager.py --module
models.py:NAME` takes it too. Weights are random, and the same in each run.
"""
import os
import pathlib
import sys

import torch
from torch import nn

PUBLIC = pathlib.Path(__file__).resolve().parents[2] / "public_models"


def use_packages():
    if site := os.environ.get("TSIR_SITE"):
        sys.path.insert(0, str(PUBLIC))
        import packages

        packages.use(pathlib.Path(site))


def with_statistics(model):
    """Gives the batch norms the statistics of random images. With those of a new model, the outputs would vanish."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None
    model.train()
    with torch.no_grad():
        for _ in range(2):
            model(torch.randn(8, 3, 224, 224))
    return model.eval()


def mobilenet_v3():
    use_packages()
    import torchvision

    torch.manual_seed(1)
    return with_statistics(torchvision.models.mobilenet_v3_large())


class Decoder(nn.Module):
    """Six layers of GPT-2; gives the scores of the next token."""

    def __init__(self):
        super().__init__()
        use_packages()
        from transformers import GPT2Config, GPT2Model

        self.model = GPT2Model(GPT2Config(n_layer=6, use_cache=False, attn_implementation="eager"))

    def forward(self, tokens):
        hidden = self.model(tokens, return_dict=False)[0]
        return hidden[:, -1] @ self.model.wte.weight.t()


def gpt2():
    torch.manual_seed(2)
    return Decoder().eval()


def conv(inputs, outputs, kernel=3, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
                         nn.BatchNorm2d(outputs), nn.SiLU())


class Split(nn.Module):
    """Half of the channels pass two convolutions with a sum around them, and all are joined again."""

    def __init__(self, channels):
        super().__init__()
        self.first = conv(channels, channels, 1)
        self.inner = nn.Sequential(conv(channels // 2, channels // 2), conv(channels // 2, channels // 2))
        self.last = conv(channels // 2 * 3, channels, 1)

    def forward(self, x):
        left, right = self.first(x).chunk(2, 1)
        return self.last(torch.cat((left, right, right + self.inner(right)), 1))


class Detector(nn.Module):
    """A convolution net in the manner of YOLO: a backbone, two scales that are joined, boxes and classes for each."""

    def __init__(self, width=16, classes=80):
        super().__init__()
        self.stem = nn.Sequential(conv(3, width, stride=2), conv(width, 2 * width, stride=2), Split(2 * width))
        self.middle = nn.Sequential(conv(2 * width, 4 * width, stride=2), Split(4 * width))
        self.deep = nn.Sequential(conv(4 * width, 8 * width, stride=2), Split(8 * width))
        self.up = nn.Upsample(scale_factor=2.0)
        self.join = nn.Sequential(conv(12 * width, 4 * width, 1), Split(4 * width))
        self.heads = nn.ModuleList(nn.Sequential(conv(inputs, 4 * width), nn.Conv2d(4 * width, 4 + classes, 1))
                                   for inputs in (4 * width, 8 * width))

    def forward(self, image):
        middle = self.middle(self.stem(image))
        deep = self.deep(middle)
        joined = self.join(torch.cat((self.up(deep), middle), 1))
        found = [head(x).flatten(2) for head, x in zip(self.heads, (joined, deep))]
        boxes, classes = torch.cat(found, 2).split((4, 80), 1)
        return boxes, classes.sigmoid()


def yolo():
    torch.manual_seed(3)
    return Detector().eval()


class Policy(nn.Module):
    """What a walking robot's controller is: a normaliser, a perceptron, limits of the joints."""

    def __init__(self, observations=48, actions=12):
        super().__init__()
        self.register_buffer("mean", torch.randn(observations))
        self.register_buffer("deviation", torch.rand(observations) + 0.5)
        widths = [observations, 512, 256, 128]
        layers = [part for a, b in zip(widths, widths[1:]) for part in (nn.Linear(a, b), nn.ELU())]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], actions))

    def forward(self, observation):
        normal = ((observation - self.mean) / self.deviation).clamp(-5.0, 5.0)
        return torch.tanh(self.layers(normal))


def policy():
    torch.manual_seed(4)
    return Policy().eval()


EXAMPLES = {
    "mobilenet_v3": None,  # scripted
    "gpt2": (torch.arange(64).reshape(1, 64),),
    "yolo": None,
    "policy": None,
}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or EXAMPLES:
        try:
            module = globals()[name]()
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        example = EXAMPLES[name]
        scripted = torch.jit.script(module) if example is None else torch.jit.trace(module, example)
        scripted.save(str(folder / f"{name}.pt"))


if __name__ == "__main__":
    main()
