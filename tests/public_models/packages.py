"""Installs the libraries that the models come from, and imports them beside a torch for the CPU."""
import importlib
import pathlib
import subprocess
import sys

# Pinned, so that the models stay the same. These belong to torch 2.13. Their dependencies are named one by one, because
# pip would otherwise install a second torch.
PACKAGES = [
    "torchvision==0.28.0", "torchaudio==2.11.0", "timm==1.0.20", "transformers==4.49.0", "huggingface-hub==0.36.2",
    "tokenizers==0.21.4", "safetensors", "pillow", "packaging", "pyyaml", "regex", "requests", "tqdm", "urllib3",
    "idna", "certifi", "charset-normalizer",
]


def install(site: pathlib.Path):
    """Installs all packages into a folder, unless they are there."""
    done = site / "installed.txt"
    wanted = "\n".join(PACKAGES)
    if done.exists() and done.read_text() == wanted:
        return
    site.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target", str(site),
                    *PACKAGES], check=True, stdout=sys.stderr)
    # Linked to CUDA; without the files, torchaudio does without them. The models need none of their operators.
    for library in (site / "torchaudio" / "lib").glob("*.so"):
        library.unlink()
    done.write_text(wanted)


def use(site: pathlib.Path):
    """Makes the packages importable. The operators of torchvision from PyPI are linked to CUDA and cannot be loaded, and
    torchvision then fails to register the shapes of operators that are missing: those are left out."""
    sys.path.append(str(site))
    import torch

    register = torch.library.register_fake

    def register_existing(name, *args, **kwargs):
        if isinstance(name, str) and name.startswith("torchvision::") and not has_operator(name):
            return lambda function: function
        return register(name, *args, **kwargs)

    def has_operator(name):
        namespace, name = name.split("::")
        return hasattr(getattr(torch.ops, namespace), name)

    torch.library.register_fake = register_existing
    try:
        importlib.import_module("torchvision")
    finally:
        torch.library.register_fake = register
