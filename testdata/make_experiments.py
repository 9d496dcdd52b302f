#!/usr/bin/env python3
"""The models of docs/experiments.md that are not among those of make_models.py.

usage: testdata/make_experiments.py FOLDER

Writes chatbot_encoder.pt and chatbot_decoder.pt (traced), and branch_scripted.pt and branch_traced.pt, which are the same
function with a condition, scripted and traced. For tsir's rivals, `--module make_experiments.py:NAME` gives the same models in
Python: chatbot_encoder, chatbot_decoder, chatbot.
"""
import pathlib
import sys
import warnings

import make_models
import torch
from torch import nn

make_models.use_torch()


def chatbot_encoder():
    return make_models.chatbot_parts()[0]


def chatbot_decoder():
    return make_models.chatbot_parts()[1]


def chatbot():
    encoder, decoder, search = make_models.chatbot_parts()
    return search(encoder, decoder).eval()


class Branch(nn.Module):
    """Doubles a tensor with a positive sum, and negates any other."""

    def forward(self, x):
        if bool(x.sum() > 0):
            return x * 2
        return -x


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    encoder, decoder, _ = make_models.chatbot_parts()
    sequence, length, _ = make_models.examples("chatbot")
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the example shows that a trace keeps only one branch
        inputs = make_models.chatbot_decoder_inputs(encoder)
        torch.jit.trace(encoder, (sequence, length), check_trace=False).save(folder / "chatbot_encoder.pt")
        torch.jit.trace(decoder, inputs, check_trace=False).save(folder / "chatbot_decoder.pt")
        torch.jit.script(Branch().eval()).save(folder / "branch_scripted.pt")
        torch.jit.trace(Branch().eval(), torch.ones(3), check_trace=False).save(folder / "branch_traced.pt")


if __name__ == "__main__":
    main()
