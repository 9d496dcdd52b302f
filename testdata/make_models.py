#!/usr/bin/env python3
"""Makes the TorchScript models for tsir's tests, demo and benchmarks.

    make_models.py OUTDIR [--only NAME,NAME] [--force] [--check] [--silero] [--list]

Every model is built from a seed with torch alone, and written to OUTDIR/NAME.pt atomically. A
model that is newer than this script is not made again, so a second run takes no time.
OUTDIR/inputs.json holds the `tsir --input` arguments of each model in OUTDIR.

To add a model, write a function that returns a module, and decorate it with @model(inputs...).
A Python module is scripted, or traced with traced=True; a TorchScript module is saved as it is.
The first line of the docstring says what the model tests.
"""

import argparse
import ast
import functools
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
import zipfile
import zlib
from enum import Enum
from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

# Importing torch takes seconds, so use_torch() imports it only if there is something to make.
# Therefore the module classes are defined inside the functions that build them.
torch = nn = F = Tensor = None


def use_torch():
    global torch, nn, F, Tensor
    if torch is not None:
        return
    warnings.filterwarnings("ignore")  # every torch.jit call says that TorchScript is deprecated
    try:
        import torch
    except ImportError:
        sys.exit("make_models: this Python has no torch; tools/setup finds or installs a Python with torch")
    import torch.nn.functional as F
    from torch import Tensor, nn


class Model(NamedTuple):
    build: Callable
    inputs: Optional[List[str]]  # None: not in inputs.json
    default: bool  # made even if not requested by name
    traced: bool  # otherwise scripted, unless it is TorchScript already

    @property
    def purpose(self):
        return self.build.__doc__.strip().splitlines()[0]


MODELS: Dict[str, Model] = {}


def model(*inputs, bundled=False, default=True, traced=False):
    def add(build):
        # Seeded by its name, so that a model does not depend on which others are made.
        seed = zlib.crc32(build.__name__.encode())

        @functools.wraps(build)
        def seeded():
            use_torch()
            torch.manual_seed(seed)
            return build()

        MODELS[build.__name__] = Model(seeded, None if bundled else list(inputs), default, traced)
        return seeded

    return add


def as_torchscript(name):
    module = MODELS[name].build()
    if isinstance(module, torch.jit.ScriptModule):
        return module
    if MODELS[name].traced:
        return torch.jit.trace(module, examples(name), check_trace=False)
    return torch.jit.script(module)


def examples(name):
    """Returns the model's inputs as Python values, for tracing."""
    return tuple(parse_input(text) for text in MODELS[name].inputs)


# ---- Small nets ----------------------------------------------------------------------------------


@model("float32[4,16]")
def tiny():
    """A two-layer MLP, for quick tests."""

    class Tiny(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1 = nn.Linear(16, 32)
            self.fc2 = nn.Linear(32, 8)

        def forward(self, x):
            return self.fc2(torch.relu(self.fc1(x)))

    return Tiny().eval()


@model("float32[1,3,32,32]")
def conv_bn_relu():
    """Conv, BatchNorm, ReLU, linear: for passes that fold and fuse."""

    class ConvBnRelu(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
            self.bn1 = nn.BatchNorm2d(16)
            self.conv2 = nn.Conv2d(16, 32, 3, stride=2, padding=1)
            self.bn2 = nn.BatchNorm2d(32)
            self.fc = nn.Linear(32, 10)

        def forward(self, x):
            x = torch.relu(self.bn1(self.conv1(x)))
            x = torch.relu(self.bn2(self.conv2(x)))
            return self.fc(x.mean(dim=(2, 3)))

    return randomise_batchnorm(ConvBnRelu()).eval()


@model("float32[8,3,16,16]")
def train_net():
    """A net saved in train mode: it cannot be frozen, and BatchNorm changes its buffers."""

    class TrainNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 3, padding=1)
            self.bn = nn.BatchNorm2d(8)
            self.fc = nn.Linear(8 * 8 * 8, 10)

        def forward(self, x):
            x = F.max_pool2d(F.relu(self.bn(self.conv(x))), 2)
            return F.log_softmax(self.fc(torch.flatten(x, 1)), dim=1)

    return TrainNet().train()


@model("bfloat16[4,64]")
def bf16():
    """Weights in bfloat16."""

    class Bf16(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1 = nn.Linear(64, 64)
            self.norm = nn.LayerNorm(64)
            self.fc2 = nn.Linear(64, 16)

        def forward(self, x):
            return self.fc2(F.gelu(self.norm(self.fc1(x))))

    return Bf16().to(torch.bfloat16).eval()


@model("float32[4,64]")
def quantized():
    """Linear layers quantised dynamically: packed weights in a custom class."""
    from torch.ao.quantization import quantize_dynamic

    class Mlp(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1 = nn.Linear(64, 128)
            self.fc2 = nn.Linear(128, 16)

        def forward(self, x):
            return self.fc2(F.relu(self.fc1(x)))

    choose_quantized_engine()
    return torch.jit.script(quantize_dynamic(Mlp().eval(), {nn.Linear}, dtype=torch.qint8))


def choose_quantized_engine():
    supported = torch.backends.quantized.supported_engines
    for engine in ("fbgemm", "x86", "onednn", "qnnpack"):
        if engine in supported:
            torch.backends.quantized.engine = engine
            return
    raise RuntimeError("this torch has no quantised engine")


# ---- Features of TorchScript modules --------- ----------------------------------------------------


@model("float32[4,8]", "3", "None")
def control():
    """prim::If, prim::Loop, a list, a dict, an Optional argument, a NamedTuple result."""

    class Stats(NamedTuple):
        total: Tensor
        largest: float
        steps: int

    class Control(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(8, 8)

        def forward(self, x: Tensor, n: int, scale: Optional[Tensor] = None) -> Stats:
            seen: List[Tensor] = []
            counts: Dict[str, int] = {"small": 0, "large": 0}
            for i in range(n):
                x = torch.tanh(self.fc(x))
                if bool(x.sum() > 0):
                    counts["large"] += 1
                    x = x * 0.5
                else:
                    counts["small"] += 1
                    x = x + float(i)
                seen.append(x)
            if scale is not None:
                x = x * scale
            limit = 4
            while bool(x.abs().max() > 1.0) and limit > 0:
                x = x / 2
                limit -= 1
            total = x if len(seen) == 0 else torch.stack(seen).sum(dim=0) + x
            return Stats(total, float(x.max()), counts["large"] - counts["small"])

    return torch.jit.script(Control().eval())


@model("float32[2,8]")
def methods():
    """Several exported methods; `update` changes a buffer in place, `predict` calls another."""

    class Methods(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = nn.Linear(8, 4)
            self.decoder = nn.Linear(4, 8)
            self.register_buffer("mean", torch.zeros(4))

        def forward(self, x):
            return self.decode(self.encode(x))

        @torch.jit.export
        def encode(self, x):
            return torch.relu(self.encoder(x)) - self.mean

        @torch.jit.export
        def decode(self, code):
            return self.decoder(code)

        @torch.jit.export
        def update(self, x, momentum: float = 0.1):
            code = torch.relu(self.encoder(x)).mean(dim=0)
            self.mean.mul_(1.0 - momentum).add_(code, alpha=momentum)
            return self.mean.clone()

        @torch.jit.export
        def predict(self, x, times: int) -> Tuple[Tensor, int]:
            for _ in range(times):
                x = self.decode(self.encode(x))
            return x.argmax(dim=1), times

    return torch.jit.script(Methods().eval())


@model("float32[2,8]")
def buffers():
    """A state and a counter that forward updates: the second run gives other results."""

    class Buffers(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(8, 8)
            self.register_buffer("state", torch.zeros(8))
            self.register_buffer("calls", torch.zeros(1, dtype=torch.int64))

        def forward(self, x):
            self.calls += 1
            self.state.mul_(0.9).add_(self.fc(x).mean(dim=0), alpha=0.1)
            return x + self.state, self.calls.clone()

    return torch.jit.script(Buffers().eval())


@model("float32[2,8]")
def shared():
    """Two submodules that hold the same parameter."""

    class Shared(nn.Module):
        def __init__(self):
            super().__init__()
            self.left = nn.Linear(8, 8)
            self.right = nn.Linear(8, 8)
            self.right.weight = self.left.weight

        def forward(self, x):
            return self.left(x) + torch.relu(self.right(x))

    return torch.jit.script(Shared().eval())


@model("float32[4,16]")
def forkwait():
    """Branches under torch.jit.fork and torch.jit.wait."""

    class Branch(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(16, 16)

        def forward(self, x):
            return torch.tanh(self.fc(x))

    class ForkWait(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = Branch()
            self.b = Branch()

        def forward(self, x):
            a = torch.jit.fork(self.a, x)
            b = torch.jit.fork(self.b, x)
            return torch.jit.wait(a) + torch.jit.wait(b)

    return torch.jit.script(ForkWait().eval())


@model(
    "[float32[2,3], float32[2,3]]",
    '{"a": float32[2,3], "b": float32[3]}',
    "None",
    "(2, float32[2,3])",
    "true",
    "0.5",
    '"sum"',
)
def enum_dict_inputs():
    """Arguments of every type: list, dict, Optional, tuple, bool, float, str; an Enum inside."""

    class Reduction(Enum):
        SUM = "sum"
        MEAN = "mean"

    class EnumDictInputs(nn.Module):
        def __init__(self):
            super().__init__()
            self.reduction = Reduction.MEAN

        def forward(
            self,
            xs: List[Tensor],
            named: Dict[str, Tensor],
            mask: Optional[Tensor],
            pair: Tuple[int, Tensor],
            negate: bool,
            scale: float,
            mode: str,
        ) -> Dict[str, Tensor]:
            times, y = pair
            for x in xs:
                y = y + x * times
            for key in named:
                y = y + named[key]
            if mask is not None:
                y = y * mask
            if negate:
                y = -y
            if mode == Reduction.SUM.value:
                y = y.sum(dim=0)
            elif self.reduction == Reduction.MEAN:
                y = y.mean(dim=0)
            return {"y": y * scale}

    return torch.jit.script(EnumDictInputs())


@model("float32[2,4]")
def setstate():
    """__setstate__ prints, which shows whether a command runs the model's code."""

    class SetState(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.randn(4, 4)

        def forward(self, x):
            return x @ self.weight

        @torch.jit.export
        def __getstate__(self):
            return self.weight, self.training

        @torch.jit.export
        def __setstate__(self, state: Tuple[Tensor, bool]):
            print("__setstate__ of the model ran")
            self.weight = state[0]
            self.training = state[1]

    return torch.jit.script(SetState().eval())


@model("float32[2,4]")
def sideeffect():
    """__setstate__ writes tsir-was-here.pt to the current folder; forward reads a file and prints."""

    class SideEffect(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.randn(4, 4)

        def forward(self, x):
            # The arguments are constant, so freezing and constant propagation run this read.
            head = torch.from_file("/etc/os-release", False, 4, dtype=torch.uint8)
            print("forward of the model ran")
            return x @ self.weight + head.to(torch.float32) / 255

        @torch.jit.export
        def __getstate__(self):
            return self.weight, self.training

        @torch.jit.export
        def __setstate__(self, state: Tuple[Tensor, bool]):
            torch.save(state[0], "tsir-was-here.pt")
            self.weight = state[0]
            self.training = state[1]

    return torch.jit.script(SideEffect().eval())


@model(bundled=True)
def bundled():
    """Inputs bundled in the module, which are used when none are given."""
    from torch.utils.bundled_inputs import augment_model_with_bundled_inputs, bundle_randn

    class Bundled(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(8, 4)

        def forward(self, x, times: int):
            return self.fc(x) * times

    module = torch.jit.script(Bundled().eval())
    # One input is stored completely, the other is filled on request.
    inputs = [(torch.randn(2, 8), 1), (bundle_randn(16, 8), 3)]
    augment_model_with_bundled_inputs(module, inputs)
    return module


# ---- Real architectures --------------------------------------------------------------------------


def randomise_batchnorm(module):
    """Sets statistics other than 0 and 1, with which wrong folding would not be noticed."""
    for bn in module.modules():
        if isinstance(bn, nn.BatchNorm2d):
            nn.init.uniform_(bn.weight, 0.5, 1.0)
            nn.init.normal_(bn.bias, 0.0, 0.1)
            nn.init.normal_(bn.running_mean, 0.0, 0.1)
            nn.init.uniform_(bn.running_var, 0.5, 1.5)
    return module


def resnet(bottleneck, depths):
    """ResNet as in He et al. 2015, with the stride in the 3x3 convolution."""

    def downsample(inputs, outputs, stride):
        if stride == 1 and inputs == outputs:
            return nn.Identity()
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
        )

    class BasicBlock(nn.Module):
        def __init__(self, inputs: int, width: int, stride: int):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(width)
            self.relu = nn.ReLU(inplace=True)
            self.downsample = downsample(inputs, width, stride)

        def forward(self, x):
            out = self.relu(self.bn1(self.conv1(x)))
            out = self.bn2(self.conv2(out))
            out += self.downsample(x)
            return self.relu(out)

    class Bottleneck(nn.Module):
        def __init__(self, inputs: int, width: int, stride: int):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(width)
            self.conv3 = nn.Conv2d(width, width * 4, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(width * 4)
            self.relu = nn.ReLU(inplace=True)
            self.downsample = downsample(inputs, width * 4, stride)

        def forward(self, x):
            out = self.relu(self.bn1(self.conv1(x)))
            out = self.relu(self.bn2(self.conv2(out)))
            out = self.bn3(self.conv3(out))
            out += self.downsample(x)
            return self.relu(out)

    class ResNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
            self.bn1 = nn.BatchNorm2d(64)
            self.relu = nn.ReLU(inplace=True)
            self.maxpool = nn.MaxPool2d(3, 2, 1)
            self.width = 64
            self.layer1 = self.stage(64, depths[0], 1)
            self.layer2 = self.stage(128, depths[1], 2)
            self.layer3 = self.stage(256, depths[2], 2)
            self.layer4 = self.stage(512, depths[3], 2)
            self.avgpool = nn.AdaptiveAvgPool2d(1)
            self.fc = nn.Linear(self.width, 1000)

        def stage(self, width: int, depth: int, stride: int):
            blocks = []
            for i in range(depth):
                block = Bottleneck if bottleneck else BasicBlock
                blocks.append(block(self.width, width, stride if i == 0 else 1))
                self.width = width * 4 if bottleneck else width
            return nn.Sequential(*blocks)

        def forward(self, x):
            x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
            x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
            return self.fc(torch.flatten(self.avgpool(x), 1))

    return randomise_batchnorm(ResNet()).eval()


@model("float32[1,3,224,224]")
def resnet18():
    """ResNet-18, scripted."""
    return resnet(bottleneck=False, depths=[2, 2, 2, 2])


@model("float32[1,3,224,224]")
def resnet50():
    """ResNet-50, scripted."""
    return resnet(bottleneck=True, depths=[3, 4, 6, 3])


@model("int64[1,50]=randint(0,5000)")
def lstm():
    """Embedding, two-layer LSTM and linear: a text classifier."""

    class LstmClassifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(5000, 128)
            self.lstm = nn.LSTM(128, 256, num_layers=2, batch_first=True)
            self.fc = nn.Linear(256, 5)

        def forward(self, ids):
            out, (h, c) = self.lstm(self.embedding(ids))
            return F.softmax(self.fc(h[-1]), dim=-1)

    return LstmClassifier().eval()


@model("int64[1,128]=randint(0,30522)", traced=True)
def bert():
    """The encoder of BERT-base, traced."""
    width, heads, layers, longest = 768, 12, 12, 512

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.query = nn.Linear(width, width)
            self.key = nn.Linear(width, width)
            self.value = nn.Linear(width, width)
            self.output = nn.Linear(width, width)

        def split(self, x):
            return x.view(x.size(0), x.size(1), heads, width // heads).transpose(1, 2)

        def forward(self, x):
            q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
            scores = torch.matmul(q, k.transpose(-1, -2)) / (width // heads) ** 0.5
            mixed = torch.matmul(torch.softmax(scores, dim=-1), v)
            mixed = mixed.transpose(1, 2).contiguous().view(x.size(0), x.size(1), width)
            return self.output(mixed)

    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention = Attention()
            self.norm1 = nn.LayerNorm(width, eps=1e-12)
            self.up = nn.Linear(width, width * 4)
            self.down = nn.Linear(width * 4, width)
            self.norm2 = nn.LayerNorm(width, eps=1e-12)
            self.dropout = nn.Dropout(0.1)

        def forward(self, x):
            x = self.norm1(x + self.dropout(self.attention(x)))
            return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))

    class Bert(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Embedding(30522, width)
            self.positions = nn.Embedding(longest, width)
            self.types = nn.Embedding(2, width)
            self.norm = nn.LayerNorm(width, eps=1e-12)
            self.layers = nn.ModuleList(Layer() for _ in range(layers))
            self.pooler = nn.Linear(width, width)

        def forward(self, ids):
            at = torch.arange(ids.size(1), device=ids.device).unsqueeze(0)
            x = self.words(ids) + self.positions(at) + self.types(torch.zeros_like(ids))
            x = self.norm(x)
            for layer in self.layers:
                x = layer(x)
            return x, torch.tanh(self.pooler(x[:, 0]))

    module = Bert()
    for parameter in module.parameters():
        if parameter.dim() == 2:
            nn.init.normal_(parameter, 0.0, 0.02)
    return module.eval()


def chatbot_parts():
    """PyTorch's chatbot tutorial in Python: a GRU encoder, a decoder with attention, and greedy search with both."""
    width, words = 500, 7826

    class Encoder(nn.Module):
        def __init__(self, embedding):
            super().__init__()
            self.embedding = embedding
            self.gru = nn.GRU(width, width, num_layers=2, bidirectional=True)

        def forward(self, input_seq, input_lengths):
            packed = nn.utils.rnn.pack_padded_sequence(self.embedding(input_seq), input_lengths)
            outputs, hidden = self.gru(packed)
            outputs, _ = nn.utils.rnn.pad_packed_sequence(outputs)
            return outputs[:, :, :width] + outputs[:, :, width:], hidden

    class Decoder(nn.Module):
        def __init__(self, embedding):
            super().__init__()
            self.embedding = embedding
            self.gru = nn.GRU(width, width, num_layers=2)
            self.attention = nn.Linear(width, width)
            self.concat = nn.Linear(width * 2, width)
            self.out = nn.Linear(width, words)

        def forward(self, token, hidden, encoded):
            output, hidden = self.gru(self.embedding(token), hidden)
            energies = torch.sum(output * self.attention(encoded), dim=2).t()
            weights = torch.softmax(energies, dim=1).unsqueeze(1)
            context = weights.bmm(encoded.transpose(0, 1)).squeeze(1)
            mixed = torch.tanh(self.concat(torch.cat((output.squeeze(0), context), 1)))
            return torch.softmax(self.out(mixed), dim=1), hidden

    class GreedySearch(nn.Module):
        def __init__(self, encoder, decoder):
            super().__init__()
            self.encoder = encoder
            self.decoder = decoder

        def forward(self, input_seq: Tensor, input_length: Tensor, max_length: int):
            encoded, hidden = self.encoder(input_seq, input_length)
            hidden = hidden[:2]
            token = torch.ones(1, 1, dtype=torch.int64, device=input_seq.device)
            tokens = torch.zeros([0], dtype=torch.int64, device=input_seq.device)
            scores = torch.zeros([0], device=input_seq.device)
            for _ in range(max_length):
                output, hidden = self.decoder(token, hidden, encoded)
                score, token = torch.max(output, dim=1)
                tokens = torch.cat((tokens, token), dim=0)
                scores = torch.cat((scores, score), dim=0)
                token = torch.unsqueeze(token, 0)
            return tokens, scores

    embedding = nn.Embedding(words, width)
    return Encoder(embedding).eval(), Decoder(embedding).eval(), GreedySearch


def chatbot_decoder_inputs(encoder):
    """Returns the decoder's inputs for the first word."""
    sequence, length, _ = examples("chatbot")
    encoded, hidden = encoder(sequence, length)
    return torch.ones(1, 1, dtype=torch.int64), hidden[:2], encoded


@model("int64[10,1]=randint(3,7826)", "int64[1]=full(10)", "10")
def chatbot():
    """PyTorch's chatbot tutorial: traced GRU encoder and decoder under a scripted greedy search."""
    encoder, decoder, search = chatbot_parts()
    sequence, length, _ = examples("chatbot")
    with torch.no_grad():
        decoder_inputs = chatbot_decoder_inputs(encoder)
        traced_encoder = torch.jit.trace(encoder, (sequence, length), check_trace=False)
        traced_decoder = torch.jit.trace(decoder, decoder_inputs, check_trace=False)
    return torch.jit.script(search(traced_encoder, traced_decoder).eval())


@model("float32[1,4096]", default=False)
def big():
    """1.3 GB of linear layers, to test that `tsir dump` does not read the weights."""

    def layer():
        linear = nn.utils.skip_init(nn.Linear, 4096, 4096, bias=False)
        nn.init.normal_(linear.weight, 0.0, 0.02)  # much faster than the default, kaiming_uniform_
        return linear

    return torch.jit.script(nn.Sequential(*(layer() for _ in range(20))).eval())


# ---- silero-vad ----------------------------------------------------------------------------------

SILERO_INPUTS = ["float32[1,512]", "16000"]


def silero(outdir):
    """Copies silero_vad.pt from its PyPI package. Returns an error message, or None."""
    target = os.path.join(outdir, "silero_vad.pt")
    if os.path.exists(target):
        return None
    try:
        wheel = find_silero_wheel() or download_silero_wheel(os.path.join(outdir, "cache"))
        data = read_silero_wheel(wheel)
    except (OSError, LookupError, subprocess.SubprocessError, zipfile.BadZipFile) as error:
        return f"cannot get silero-vad: {error}"
    write_atomically(target, data)
    say(f"silero_vad.pt  from {os.path.basename(wheel)}")
    return None


def find_silero_wheel():
    """Returns the folder of the installed package, if there is one."""
    from importlib.util import find_spec

    spec = find_spec("silero_vad")
    return os.path.dirname(spec.origin) if spec and spec.origin else None


def download_silero_wheel(cache):
    pattern = os.path.join(cache, "silero_vad-*.whl")
    if not glob.glob(pattern):
        os.makedirs(cache, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", cache]
        done = subprocess.run(command + ["silero-vad"], capture_output=True, text=True, timeout=120)
        if done.returncode:
            why = (done.stderr.strip() or "pip failed").splitlines()[-1]
            raise LookupError(f"pip download silero-vad: {why}")
    wheels = glob.glob(pattern)
    if not wheels:
        raise LookupError("pip did not download a wheel of silero-vad")
    return max(wheels)


def read_silero_wheel(path):
    if os.path.isdir(path):
        found = glob.glob(os.path.join(path, "**", "silero_vad.jit"), recursive=True)
        if found:
            with open(found[0], "rb") as file:
                return file.read()
    else:
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                if name.endswith("/silero_vad.jit"):
                    return wheel.read(name)
    raise LookupError(f"no silero_vad.jit in {path}")


# ---- Inputs --------------------------------------------------------------------------------------

TENSOR = re.compile(r"\b(\w+)\[([\d,]*)\](?:=(\w+)(?:\(([^)]*)\))?)?")
NAMES = {"true": True, "false": False, "None": None}


def parse_input(text):
    """Returns the value of a `tsir --input` argument. Knows only what this script uses."""
    tensors = []

    def placeholder(match):
        tensors.append(fill(*match.groups()))
        return f"tensor({len(tensors) - 1})"

    tree = ast.parse(TENSOR.sub(placeholder, text), mode="eval")

    def value(node):
        if isinstance(node, ast.Call):
            return tensors[node.args[0].value]
        if isinstance(node, ast.List):
            return [value(item) for item in node.elts]
        if isinstance(node, ast.Tuple):
            return tuple(value(item) for item in node.elts)
        if isinstance(node, ast.Dict):
            return {value(k): value(v) for k, v in zip(node.keys, node.values)}
        return NAMES[node.id] if isinstance(node, ast.Name) else node.value

    return value(tree.body)


def fill(dtype, sizes, how, arguments):
    dtype = getattr(torch, dtype)
    sizes = [int(size) for size in sizes.split(",") if size]
    numbers = [int(number) for number in (arguments or "").split(",") if number]
    if how == "randint":
        return torch.randint(*numbers, sizes, dtype=dtype)
    if how == "full":
        return torch.full(sizes, numbers[0], dtype=dtype)
    return torch.randn(sizes).to(dtype)


def write_inputs(outdir):
    """Writes inputs.json, which names only existing models, so that tests can loop over it."""
    inputs = {name: entry.inputs for name, entry in MODELS.items() if entry.inputs is not None}
    inputs["silero_vad"] = SILERO_INPUTS
    here = {n: i for n, i in inputs.items() if os.path.exists(os.path.join(outdir, n + ".pt"))}
    path = os.path.join(outdir, "inputs.json")
    text = json.dumps(here, indent=2, sort_keys=True) + "\n"
    write_atomically(path, text.encode())


# ---- Making and checking -------------------------------------------------------------------------


def say(text):
    print(text, file=sys.stderr, flush=True)


def write_atomically(path, data):
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(path) or ".", delete=False) as file:
        file.write(data)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def is_fresh(outdir, name):
    path = os.path.join(outdir, name + ".pt")
    return os.path.exists(path) and os.path.getmtime(path) > os.path.getmtime(__file__)


def make(name, outdir):
    try:
        module = as_torchscript(name)
    except ImportError as error:  # newer releases of torch have removed parts of TorchScript
        say(f"{name}.pt  skipped: this torch ({torch.__version__}) does not support it: {error}")
        return
    # The name inside the archive is the file name. A separate folder makes it NAME.
    with tempfile.TemporaryDirectory(dir=outdir, prefix=".making-") as folder:
        path = os.path.join(folder, name + ".pt")
        torch.jit.save(module, path)
        os.replace(path, os.path.join(outdir, name + ".pt"))
    say(f"{name}.pt  {MODELS[name].purpose}")


def fix_hash_order():
    """Restarts Python with fixed hashes. A class's constants are written in the order of a set, so
    without this the same model would give different files."""
    if "PYTHONHASHSEED" not in os.environ:
        os.environ["PYTHONHASHSEED"] = "0"
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, *sys.argv])


def make_in_child(name, outdir):
    """Makes a model in its own process. The numbers in TorchScript's mangled class names are never
    reset, so a model would depend on the models made before it."""
    use_torch()
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    status = 0
    try:
        make(name, outdir)
    except Exception as error:
        status = 1
        say(f"{name}.pt  FAILED: {error}")
    os._exit(status)


def check(outdir):
    """Loads and runs every existing model. Returns the names of those that failed."""
    use_torch()
    with open(os.path.join(outdir, "inputs.json")) as file:
        inputs = json.load(file)
    outdir = os.path.abspath(outdir)
    bad = []
    with tempfile.TemporaryDirectory() as folder:
        before = os.getcwd()
        os.chdir(folder)  # sideeffect writes to the current folder
        for name, texts in inputs.items():
            try:
                say(f"{name}: {check_one(os.path.join(outdir, name + '.pt'), texts)}")
            except Exception as error:
                bad.append(name)
                say(f"{name}: FAILED: {error}")
        os.chdir(before)
    return bad


def check_one(path, texts):
    module = torch.jit.load(path)
    torch.manual_seed(0)
    with torch.no_grad():
        # In the second run, the profiling executor uses its optimised graph.
        result = [module(*map(parse_input, texts)) for _ in range(2)][-1]
    tensors = list(flatten(result))
    if not all(bool(torch.isfinite(t.to(torch.float32)).all()) for t in tensors):
        raise ValueError("the outputs are not finite")
    largest = max(float(t.abs().max()) for t in tensors)
    return f"ok, {', '.join(str(list(t.shape)) for t in tensors)}, largest {largest:.3g}"


def flatten(value):
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, dict):
        yield from flatten(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from flatten(item)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("outdir", nargs="?", metavar="OUTDIR", help="output folder")
    parser.add_argument("--only", metavar="NAME,NAME", help="make only these models")
    parser.add_argument("--force", action="store_true", help="make all models, even if they are up to date")
    parser.add_argument("--check", action="store_true", help="load and run every model in OUTDIR")
    parser.add_argument("--silero", action="store_true", help="also download silero-vad from PyPI")
    parser.add_argument("--list", action="store_true", help="list the models and exit")
    arguments = parser.parse_args()
    if not arguments.list and not arguments.outdir:
        parser.error("OUTDIR is missing")
    arguments.names = [name for name, entry in MODELS.items() if entry.default]
    if arguments.only:
        arguments.names = arguments.only.split(",")
        unknown = [name for name in arguments.names if name not in MODELS]
        if unknown:
            parser.error(f"no such model: {', '.join(unknown)} (see --list)")
    return arguments


def main():
    arguments = parse_arguments()
    if arguments.list:
        for name, entry in MODELS.items():
            print(f"{name:17} {entry.purpose}{'' if entry.default else ' (only with --only)'}")
        return 0
    outdir = arguments.outdir
    os.makedirs(outdir, exist_ok=True)
    stale = [name for name in arguments.names if arguments.force or not is_fresh(outdir, name)]
    if stale:
        fix_hash_order()
    good = all([make_in_child(name, outdir) for name in stale])
    problem = silero(outdir) if arguments.silero else None
    if problem:
        say(f"make_models: {problem}")
    write_inputs(outdir)
    if arguments.check and check(outdir):
        good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
