"""Makes one model: NAME.pt, its inputs and what PyTorch computes from them.

    make.py NAME OUTDIR SITE

A process for each model, because the numbers in TorchScript's mangled class names are never reset.
"""
import os
import pathlib
import sys
import warnings
import zlib

warnings.filterwarnings("ignore")  # the libraries warn on every call of torch.jit


def models():
    import audio
    import language
    import registry
    import vision

    assert audio and language and vision  # they fill the table
    return registry.MODELS


def save(value, path):
    """Writes to another name first, so that an interrupted run leaves no half of a file."""
    import torch

    torch.save(value, f"{path}.part")
    os.replace(f"{path}.part", path)


def main():
    name, outdir, site = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    os.environ["HF_HUB_OFFLINE"] = "1"
    entry = models()[name]
    if entry.library != "torch":
        import packages

        packages.use(site)
    import inputs as texts
    import registry
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(zlib.crc32(name.encode()))
    module = entry.build().eval()

    def draw():
        return tuple(map(texts.read, entry.inputs))

    if not any(part.__class__.__module__.startswith("torch.ao.nn.quantized") for part in module.modules()):
        registry.enliven(module, draw)
    inputs = draw()
    with torch.no_grad():
        # The second trace of a model with random layers would differ.
        script = torch.jit.trace(module, inputs, check_trace=False) if entry.traced else torch.jit.script(module)
    half = outdir / "making" / f"{name}.pt"  # the archive's inner folder is named after the file
    half.parent.mkdir(exist_ok=True)
    script.save(str(half))
    torch.manual_seed(0)
    with torch.no_grad():
        outputs = torch.jit.load(str(half))(*inputs)
    save(inputs, outdir / f"{name}.inputs.pt")
    save(outputs, outdir / f"{name}.outputs.pt")
    os.replace(half, outdir / f"{name}.pt")


if __name__ == "__main__":
    main()
