#!/usr/bin/env python3
"""Makes files that are not valid TorchScript modules, to test that tsir rejects them and does not crash.

    make_hostile.py OUTDIR [--force] [--probe]

OUTDIR/manifest.json is a list with an entry for each file:
    file           its name in OUTDIR
    what           what is wrong with it
    expect_exit    the allowed exit codes of tsir: 3 with a one-line message, 5 if LibTorch may
                   crash, 0 if the file is legal but malicious
    expect_words   a regex that tsir's one-line message must match, if the exit code is not 0
    forbid         a regex that tsir's output must not match (optional)
    skip_if_root   true if the file is only a problem for users other than root (optional)
    torch_says     what torch.jit.load does with it (with --probe; for information only)

Most files are written byte by byte, because torch would refuse to write them.
"""

import argparse
import io
import json
import os
import pickle
import random
import resource
import shutil
import signal
import struct
import sys
import tarfile
import tempfile
import warnings
import zipfile
import zlib
from typing import NamedTuple

ENTRIES = []  # (name, what, exits, words, function that writes the file, extra manifest fields)


def hostile(name, what, words, exits=(3,), **extra):
    """Registers a function that returns the file's bytes, or writes the given path."""

    def add(build):
        ENTRIES.append((name, what, list(exits), words, build, extra))
        return build

    return add


# ---- Zip archives --------------------------------------------------------------------------------
# Python's zipfile cannot align records, write wrong sizes, or take data that is already compressed.


class Packed(NamedTuple):
    """A record in the zip: deflated, or stored with arbitrary sizes."""

    data: bytes
    crc: int
    size: int
    method: int = 8


def deflated(data):
    return Packed(squeeze(data, zlib.Z_FINISH), zlib.crc32(data), len(data))


def inflating(byte, size, head=b"", tail=b""):
    """`head`, then `size` times `byte`, then `tail`, which deflate to a thousandth of the size."""
    chunk = byte * (32 << 20)
    count, rest = divmod(size, len(chunk))
    pieces = [head, *[chunk] * count, byte * rest + tail]
    crc = 0
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
    # After a full flush, the compressor has no history, so equal chunks give equal bytes. Compress
    # one chunk and repeat its bytes.
    flush = zlib.Z_FULL_FLUSH
    data = squeeze(head, flush) + squeeze(chunk, flush) * count + squeeze(pieces[-1], zlib.Z_FINISH)
    return Packed(data, crc, sum(map(len, pieces)))


def squeeze(data, flush):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(flush)


def zip_archive(records, top="model"):
    """Stored records start at multiples of 64 bytes, as PyTorch writes them."""
    body, directory = io.BytesIO(), io.BytesIO()
    for name, record in records.items():
        if isinstance(record, bytes):
            record = Packed(record, zlib.crc32(record), len(record), method=0)
        path = f"{top}/{name}".encode() if top else name.encode()
        start = body.tell()
        padding = -(start + 30 + len(path) + 4) % 64
        extra = b"FB" + struct.pack("<H", padding) + b"Z" * padding
        sizes = struct.pack("<III", record.crc, len(record.data), record.size)
        common = struct.pack("<HHHHH", 20, 0, record.method, 0, 0) + sizes
        body.write(b"PK\3\4" + common + struct.pack("<HH", len(path), len(extra)) + path + extra)
        body.write(record.data)
        directory.write(b"PK\1\2" + struct.pack("<H", 20) + common)
        directory.write(struct.pack("<HHHHHII", len(path), 0, 0, 0, 0, 0, start) + path)
    at, count = body.tell(), len(records)
    sizes = struct.pack("<HHHHIIH", 0, 0, count, count, directory.tell(), at, 0)
    return body.getvalue() + directory.getvalue() + b"PK\5\6" + sizes


# ---- Pickles, written by opcode -------------------------------------------------------------------


def p_str(text):
    return b"X" + struct.pack("<I", len(text.encode())) + text.encode()


def p_int(number):
    if -(2**31) <= number < 2**31:
        return b"J" + struct.pack("<i", number)
    return b"\x8a\x08" + struct.pack("<q", number)


def p_tuple(*items):
    return b"(" + b"".join(items) + b"t"


def p_ints(numbers):
    return p_tuple(*map(p_int, numbers))


def p_global(module, name):
    return f"c{module}\n{name}\n".encode()


def p_object(module, name, attributes):
    items = b"".join(p_str(key) + value for key, value in attributes.items())
    return p_global(module, name) + b")\x81}(" + items + b"ub"


def p_tensor(key="0", numel=16, offset=0, sizes=(4, 4), strides=(4, 1), kind="FloatStorage"):
    place = p_str(key) + p_str("cpu") + p_int(numel)
    storage = b"(" + p_str("storage") + p_global("torch", kind) + place + b"tQ"
    view = storage + p_int(offset) + p_ints(sizes) + p_ints(strides)
    hooks = p_global("collections", "OrderedDict") + b")R"
    return p_global("torch._utils", "_rebuild_tensor_v2") + b"(" + view + b"\x89" + hooks + b"tR"


def p_file(value):
    return b"\x80\x02" + value + b"."


# ---- The module on which the handwritten archives are based -----------------------------------------

HEAD = """\
class M(Module):
  __parameters__ = ["w", ]
  __buffers__ = []
  training : bool
  w : Tensor
"""
FORWARD = """\
  def forward(self: __torch__.M,
    x: Tensor) -> Tensor:
"""


def code(*body, head=HEAD):
    """Returns the module's code, with these statements in `forward`."""
    return (head + FORWARD + "".join(f"    {line}\n" for line in body)).encode()


GOOD_CODE = code("w = self.w", "return torch.mm(x, w)")
WEIGHTS = struct.pack("<16f", *range(16))


def pickled(**changes):
    """Returns the module's data.pkl, with attributes added, or removed if None."""
    attributes = {"training": b"\x89", "w": p_tensor(), **changes}
    return p_file(
        p_object("__torch__", "M", {k: v for k, v in attributes.items() if v is not None})
    )


def archive(source=GOOD_CODE, data=None, changes=None):
    records = {
        "data/0": WEIGHTS,
        "data.pkl": pickled() if data is None else data,
        "code/__torch__.py": source,
        "constants.pkl": p_file(b")"),
        "version": b"3\n",
        "byteorder": b"little",
    }
    records.update(changes or {})
    return zip_archive({name: record for name, record in records.items() if record is not None})


# ---- Truncated and damaged -----------------------------------------------------------------------

CUT = r"truncat|damage|corrupt|incomplete|cut|zip"


@hostile(
    "good.pt", "nothing: the handwritten module that the others are made from", ".", exits=(0,)
)
def good():
    return archive()


@hostile("empty.pt", "an empty file", r"empty")
def empty():
    return b""


@hostile("one_byte.pt", "a single byte", r"small|short|byte|truncat|not a|unknown|recogni")
def one_byte():
    return b"P"


@hostile("cut_at_10.pt", "the first 10 bytes of a module", CUT)
def cut_at_10():
    return archive()[:10]


@hostile("cut_in_half.pt", "the first half of a module", CUT)
def cut_in_half():
    whole = archive()
    return whole[: len(whole) // 2]


@hostile("cut_100.pt", "a module without its last 100 bytes", CUT)
def cut_100():
    return archive()[:-100]


@hostile("cut_1.pt", "a module without its last byte", CUT)
def cut_1():
    return archive()[:-1]


@hostile("directory_damaged.pt", "the zip's central directory is overwritten", CUT)
def directory_damaged():
    whole = archive()
    at = whole.index(b"PK\1\2")
    return whole[:at] + b"\xa5" * (len(whole) - 22 - at) + whole[-22:]


@hostile("directory_elsewhere.pt", "the zip's end record points beyond the file", CUT)
def directory_elsewhere():
    return archive()[:-6] + struct.pack("<IH", 0x7FFFFFFF, 0)


@hostile(
    "local_header_damaged.pt", "data.pkl's local header is overwritten", CUT + "|header|data.pkl"
)
def local_header_damaged():
    whole = archive()
    at = whole.index(b"model/data.pkl") - 30
    return whole[:at] + b"\xa5" * 30 + whole[at + 30 :]


@hostile(
    "crc_wrong.pt",
    "a byte of the code is flipped: its CRC does not match",
    CUT + "|crc|checksum",
    exits=(0, 3),
)
def crc_wrong():
    return archive().replace(b"torch.mm", b"torch.mv")


@hostile(
    "record_too_long.pt", "a record's length reaches beyond the file", CUT + "|record|length|size"
)
def record_too_long():
    whole = archive()
    lengths = struct.pack("<II", len(WEIGHTS), len(WEIGHTS))
    return whole.replace(lengths, struct.pack("<II", 0x7FFFFFF0, 0x7FFFFFF0))


@hostile("random.pt", "random bytes", r"not a|unknown|recogni")
def random_bytes():
    return random.Random(1).randbytes(4096)


@hostile("zeros.pt", "a file of zeros, as a system crash may leave", r"not a|unknown|recogni|zero")
def zeros():
    return bytes(65536)


# ---- Files of other kinds ------------------------------------------------------------------------

EAGER = r"torch\.save|eager|checkpoint|state.?dict"


@hostile("text.pt", "a text file", r"text|not a")
def text():
    return b"This is no model.\nIt never was.\n"


@hostile("git_lfs.pt", "a Git LFS pointer: the model was not fetched", r"lfs")
def git_lfs():
    return (
        b"version https://git-lfs.github.com/spec/v1\n"
        b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
        b"size 46830571\n"
    )


@hostile("web_page.pt", "a web page, as a failed download may leave", r"html|web page")
def web_page():
    return b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n"


@hostile("model.onnx", "an ONNX model", r"onnx")
def onnx():
    def field(number, data):
        return bytes([number << 3 | 2, len(data)]) + data

    def value_info(name):
        dimension = field(1, b"\x08\x01")
        tensor_type = b"\x08\x01" + field(2, dimension)
        return field(1, name) + field(2, field(1, tensor_type))

    node = field(1, b"x") + field(2, b"y") + field(4, b"Relu")
    graph = (
        field(1, node) + field(2, b"g") + field(11, value_info(b"x")) + field(12, value_info(b"y"))
    )
    opset = field(1, b"") + b"\x10\x11"
    return b"\x08\x08" + field(2, b"pytorch") + field(3, b"2.0") + field(7, graph) + field(8, opset)


@hostile("model.safetensors", "a safetensors file", r"safetensors")
def safetensors():
    entry = {"dtype": "F32", "shape": [4, 4], "data_offsets": [0, 64]}
    header = json.dumps({"__metadata__": {"format": "pt"}, "w": entry}).encode()
    return struct.pack("<Q", len(header)) + header + WEIGHTS


@hostile("model.tflite", "the head of a TensorFlow Lite file", r"tflite|tensorflow|flatbuffer")
def tflite():
    return struct.pack("<I", 28) + b"TFL3" + bytes(248)


@hostile(
    "mobile.ptl", "the head of a PyTorch Mobile flatbuffer file", r"mobile|lite|flatbuffer"
)
def mobile():
    return struct.pack("<I", 28) + b"PTMF" + bytes(248)


# ---- Flatbuffers -----------------------------------------------------------------------------------


def flatbuffer(extra=None):
    """A valid one."""
    net = torch.jit.script(torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU()).eval())
    return bytearray(torch._C._save_jit_module_to_bytes(net._c, extra or {}))


BEYOND = r"beyond its end"


@hostile("half.ff", "the first half of a flatbuffer", BEYOND)
def half_flatbuffer():
    whole = flatbuffer()
    return bytes(whole[: len(whole) // 2])


@hostile("head.ff", "only the mark of a flatbuffer", BEYOND)
def head_of_flatbuffer():
    return bytes(flatbuffer()[:8])


@hostile("noise.ff", "random bytes with the mark of a flatbuffer", BEYOND)
def noise_flatbuffer():
    return struct.pack("<I", 16) + b"PTMF" + random.Random(5).randbytes(4096)


@hostile("root_beyond.ff", "a flatbuffer whose root lies beyond its end", BEYOND)
def root_beyond():
    whole = flatbuffer()
    whole[:4] = b"\xff\xff\xff\xff"
    return bytes(whole)


@hostile("fields_beyond.ff", "a flatbuffer whose root has its fields beyond the end", BEYOND)
def fields_beyond():
    whole = flatbuffer()
    root = struct.unpack_from("<I", whole)[0]
    struct.pack_into("<i", whole, root, -(2**31))
    return bytes(whole)


def followed(whole, place):
    """The place that the reference at a place refers to."""
    return place + struct.unpack_from("<I", whole, place)[0]


def field(whole, table, number):
    """The place of a field of a table."""
    fields = table - struct.unpack_from("<i", whole, table)[0]
    return table + struct.unpack_from("<H", whole, fields + 4 + 2 * number)[0]


def field_of_root(whole, number):
    """The place of what a field of the root refers to."""
    return followed(whole, field(whole, followed(whole, 0), number))


def with_count(number, count):
    """A flatbuffer in which a list in a field of the root claims another number of elements."""
    whole = flatbuffer()
    struct.pack_into("<I", whole, field_of_root(whole, number), count)
    return bytes(whole)


def references_to_one(big):
    """A flatbuffer with 200 extra files, and how many of them refer to the contents of the large one."""
    whole = flatbuffer({f"e{i}": "x" * (1_000_000 if i == big else 1) for i in range(200)})
    files = field_of_root(whole, 1)
    tables = [followed(whole, files + 4 + 4 * i) for i in range(200)]
    contents = [field(whole, table, 1) for table in tables]
    target = max((followed(whole, place) for place in contents), key=lambda at: struct.unpack_from("<I", whole, at)[0])
    before = [place for place in contents if place < target]  # references only lead forwards
    for place in before:
        struct.pack_into("<I", whole, place, target - place)
    return len(before), bytes(whole)


@hostile("same_bytes.ff", "a flatbuffer of 1 MB with 100 MB of extra files, all the same", r"same bytes too often")
def same_bytes():
    return max(references_to_one(big) for big in range(0, 200, 40))[1]


@hostile("many_values.ff", "a flatbuffer with four billion values", BEYOND)
def many_values():
    return with_count(4, 0xFFFFFFFF)


@hostile("no_values.ff", "a flatbuffer without values", r"not before it|damaged")
def no_values():
    return with_count(4, 0)


@hostile("no_storages.ff", "a flatbuffer without the data of its tensors", r"data of its tensors")
def no_storages():
    return with_count(6, 0)


@hostile("no_code.ff", "a flatbuffer for the lite interpreter only", r"without TorchScript code")
def no_code():
    return with_count(8, 0)


def damaged_flatbuffer(seed):
    """Some words of a flatbuffer replaced by others. It may be legal all the same."""
    whole, rng = flatbuffer(), random.Random(seed)
    for _ in range(6):
        word = rng.choice([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, rng.randrange(2**32)])
        struct.pack_into("<I", whole, rng.randrange(8, len(whole) - 4), word)
    return bytes(whole)


for seed in range(6):
    hostile(f"damaged_{seed}.ff", "a flatbuffer with a few wrong words", r".", exits=(0, 3))(
        lambda seed=seed: damaged_flatbuffer(seed)
    )


@hostile("model.h5", "the head of an HDF5 (Keras) file", r"hdf5|keras")
def hdf5():
    return b"\x89HDF\r\n\x1a\n" + bytes(504)


@hostile("array.npy", "a NumPy array", r"numpy|npy")
def npy():
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (4, 4), }"
    header = header.ljust(117) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + WEIGHTS


@hostile(
    "library.so", "the head of an ELF shared library", r"elf|shared|library|executable|binary"
)
def elf():
    return b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHI", 3, 62, 1) + bytes(40)


@hostile("model.pt.gz", "a module under gzip", r"gzip|compress")
def gzipped():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(archive()) + packer.flush()


@hostile("model.tar", "a tar archive", r"tar\b")
def tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        member = tarfile.TarInfo("model/weights.bin")
        member.size = len(WEIGHTS)
        file.addfile(member, io.BytesIO(WEIGHTS))
    return out.getvalue()


@hostile("documents.zip", "a zip of unrelated things", r"zip|not a|torchscript")
def documents():
    return zip_archive({"word/document.xml": b"<xml/>", "[Content_Types].xml": b"<xml/>"}, top="")


@hostile("empty.zip", "a zip without records", r"zip|empty|not a|torchscript")
def empty_zip():
    return zip_archive({})


@hostile("plain_pickle.pt", "a Python pickle that is not torch's", r"pickle")
def plain_pickle():
    return pickle.dumps({"coef": [1.0, 2.0], "kind": "linear"}, protocol=4)


@hostile("state_dict.pt", "an eager checkpoint: torch.save(model.state_dict())", EAGER)
def state_dict(path):
    torch.save(eager_net().state_dict(), path)


@hostile(
    "checkpoint.pt", "a training checkpoint: torch.save of a dict with a state_dict in it", EAGER
)
def checkpoint(path):
    net = eager_net()
    optimizer = torch.optim.Adam(net.parameters())
    torch.save({"epoch": 3, "model": net.state_dict(), "optimizer": optimizer.state_dict()}, path)


@hostile("eager_module.pt", "a whole eager module: torch.save(model)", EAGER + "|module")
def eager_module(path):
    torch.save(eager_net(), path)


@hostile(
    "legacy_state_dict.pt",
    "a state_dict in the format before PyTorch 1.6",
    EAGER + "|legacy|pickle",
)
def legacy_state_dict(path):
    torch.save(eager_net().state_dict(), path, _use_new_zipfile_serialization=False)


@hostile("tensors.pt", "a list of tensors: torch.save([…])", EAGER + "|tensor")
def tensors(path):
    torch.save([torch.ones(2, 2), torch.zeros(3)], path)


@hostile("exported.pt2", "a program from torch.export.save", r"export|pt2")
def exported(path):
    torch.export.save(torch.export.export(eager_net(), (torch.ones(1, 4),)), path)


def eager_net():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU()).eval()


@hostile(
    "lite.ptl", "a lite-interpreter file that holds its code too: good for both", ".", exits=(0,)
)
def lite(path):
    torch.jit.script(eager_net())._save_for_lite_interpreter(path)


@hostile(
    "lite_without_code.ptl", "a lite-interpreter file, bytecode alone", r"lite|mobile|bytecode"
)
def lite_without_code(path):
    torch.jit.script(eager_net())._save_for_lite_interpreter(path)
    with zipfile.ZipFile(path) as file:
        records = {name.split("/", 1)[1]: file.read(name) for name in file.namelist()}
    drop = ("code/", "data.pkl", "constants.pkl")
    return zip_archive({name: data for name, data in records.items() if not name.startswith(drop)})


@hostile(
    "model_json.pt", "a TorchScript archive from before PyTorch 1.2", r"old|legacy|before|json"
)
def model_json():
    tensor = {"dims": ["4", "4"], "offset": "0", "strides": ["4", "1"], "requiresGrad": True}
    tensor.update(dataType="FLOAT", data={"key": "tensors/0"}, device="cpu")
    parameter = {"isBuffer": False, "tensorId": "0", "name": "w"}
    module = {
        "torchscriptArena": {"key": "code/model.py"},
        "name": "model",
        "parameters": [parameter],
    }
    model = {"protoVersion": "6", "mainModule": module, "producerName": "pytorch"}
    source = b"op_version_set = 1\ndef forward(self,\n    x: Tensor) -> Tensor:\n  return x\n"
    records = {"model.json": json.dumps({**model, "tensors": [tensor]}).encode()}
    return zip_archive(
        {**records, "code/model.py": source, "tensors/0": WEIGHTS, "version": b"1\n"}
    )


@hostile("folder.pt", "a folder", r"folder|directory")
def folder(path):
    os.makedirs(path)


@hostile(
    "unreadable.pt", "a file that may not be read", r"permission|denied", skip_if_root=True
)
def unreadable(path):
    with open(path, "wb") as file:
        file.write(archive())
    os.chmod(path, 0)


# ---- Archives that lack a part -------------------------------------------------------------------


@hostile("no_data_pkl.pt", "data.pkl is missing", r"data\.pkl")
def no_data_pkl():
    return archive(changes={"data.pkl": None})


@hostile(
    "no_constants_pkl.pt", "constants.pkl is missing, though there is code", r"constants\.pkl"
)
def no_constants_pkl():
    return archive(changes={"constants.pkl": None})


@hostile("no_code.pt", "the code is missing", r"code|class|__torch__")
def no_code():
    return archive(changes={"code/__torch__.py": None})


@hostile(
    "no_class.pt",
    "the class that data.pkl names is not in the code",
    r"class|__torch__|type|code",
)
def no_class():
    return archive(GOOD_CODE.replace(b"class M(", b"class N("))


@hostile("no_version.pt", "the version is missing", r"version")
def no_version():
    return archive(changes={"version": None})


@hostile("version_9999.pt", "a version from the future", r"version|newer|9999")
def version_9999():
    return archive(changes={"version": b"9999\n"})


@hostile("version_text.pt", "the version is not a number", r"version")
def version_text():
    return archive(changes={"version": b"three\n"})


@hostile(
    "no_weights.pt", "a tensor's storage is missing", r"data/0|storage|record|missing|not found"
)
def no_weights():
    return archive(changes={"data/0": None})


@hostile("big_endian.pt", "an unknown byte order", r"byte.?order|endian", exits=(0, 3))
def big_endian():
    return archive(changes={"byteorder": b"middle"})


@hostile("no_attribute.pt", "data.pkl lacks the attribute w", r"attribute|\bw\b")
def no_attribute():
    return archive(data=pickled(w=None))


@hostile(
    "extra_attribute.pt",
    "data.pkl has an attribute that the class lacks",
    r"attribute|extra",
    exits=(0, 3),
)
def extra_attribute():
    return archive(data=pickled(extra=p_int(1)))


@hostile(
    "wrong_attribute.pt", "the Tensor w is a string", r"attribute|\bw\b|type|tensor|expected"
)
def wrong_attribute():
    return archive(data=pickled(w=p_str("no tensor")))


# ---- Bad code ------------------------------------------------------------------------------------


@hostile("syntax_error.pt", "the code has a syntax error", r"expected|syntax|parse|code")
def syntax_error():
    return archive(GOOD_CODE.replace(b"x: Tensor)", b"x: Tensor("))


@hostile(
    "binary_code.pt", "the code is not text", r"expected|syntax|parse|code|character|text|utf"
)
def binary_code():
    return archive(random.Random(2).randbytes(2000))


@hostile("unknown_operator.pt", "the code calls an operator of torchvision", r"torchvision.*nms")
def unknown_operator():
    return archive(code("return ops.torchvision.nms(x, x, 0.5)"))


@hostile("unknown_builtin.pt", "the code calls torch.nosuch", r"nosuch")
def unknown_builtin():
    return archive(code("return torch.nosuch(x)"))


@hostile("unknown_class.pt", "an attribute of a custom C++ class that is not registered", r"nosuch|Thing")
def unknown_class():
    kind = "__torch__.torch.classes.nosuch.Thing"
    source = code("return x", head=HEAD + f"  thing : {kind}\n")
    thing = p_global("__torch__.torch.classes.nosuch", "Thing") + b")\x81" + p_tuple() + b"b"
    return archive(source, pickled(thing=thing))


@hostile("unknown_type.pt", "an argument of a type that does not exist", r"nosuch|type")
def unknown_type():
    return archive(GOOD_CODE.replace(b"x: Tensor)", b"x: NoSuch)"))


@hostile("wrong_types.pt", "the code adds a tensor to a string", r"add|str|argument|type")
def wrong_types():
    return archive(code('return torch.mm(x, "a")'))


@hostile(
    "missing_constant.pt",
    "the code wants CONSTANTS.c7, and there is none",
    r"constant|c7|index|range",
)
def missing_constant():
    return archive(code("return torch.mm(x, CONSTANTS.c7)"))


@hostile("recursive_code.pt", "a function that calls itself", r"recurs")
def recursive_code():
    function = b"def f(x: Tensor) -> Tensor:\n  return __torch__.f(x, )\n"
    return archive(function + code("return __torch__.f(x, )"))


@hostile(
    "recursive_class.pt",
    "a class with an attribute of its own type",
    r"recurs|class|type",
    exits=(0, 3, 5),
)
def recursive_class():
    return archive(code("return x", head=HEAD + "  me : Optional[__torch__.M]\n"), pickled(me=b"N"))


# These files are legal or nearly legal, but nested too deeply for recursion without a limit.

DEEP = r"deep|nest|recurs|stack|crash|large|long"


@hostile("deep_parentheses.pt", "an expression in 100,000 parentheses", DEEP, exits=(3, 5))
def deep_parentheses():
    return archive(deflated(code("return " + "(" * 100_000 + "x" + ")" * 100_000)))


@hostile("deep_minus.pt", "100,000 minus signs before an expression", DEEP, exits=(3, 5))
def deep_minus():
    return archive(deflated(code("return " + "-" * 100_000 + "x")))


@hostile("deep_calls.pt", "100,000 calls within each other", DEEP, exits=(3, 5))
def deep_calls():
    return archive(deflated(code("return " + "torch.neg(" * 100_000 + "x" + ")" * 100_000)))


@hostile("deep_sum.pt", "x + x + … with 100,000 terms", DEEP, exits=(0, 3, 5))
def deep_sum():
    return archive(deflated(code("return " + " + ".join(["x"] * 100_000))))


@hostile(
    "deep_type.pt", "an argument's type is List[List[… 100,000 deep", DEEP + "|type", exits=(3, 5)
)
def deep_type():
    kind = "List[" * 100_000 + "int" + "]" * 100_000
    return archive(deflated(GOOD_CODE.replace(b"x: Tensor", f"x: Tensor, y: {kind}".encode())))


@hostile("deep_ifs.pt", "4,000 ifs within each other", DEEP, exits=(0, 3, 5))
def deep_ifs():
    return archive(deflated(code("y = x", *nested("if bool(x):", 4000), "return y")))


@hostile("deep_loops.pt", "4,000 loops within each other", DEEP, exits=(0, 3, 5))
def deep_loops():
    return archive(deflated(code("y = x", *nested("for i in range(1):", 4000), "return y")))


def nested(header, depth):
    lines = [" " * level + header for level in range(depth)]
    return [*lines, " " * depth + "y = torch.neg(y)"]


@hostile("long_chain.pt", "100,000 statements x = x + 1, one after the other", DEEP, exits=(0, 5))
def long_chain():
    return archive(deflated(code(*["x = torch.add(x, 1)"] * 100_000, "return x")))


@hostile(
    "laughing_calls.pt",
    "40 functions, each calls the next twice: 2^40 nodes inlined",
    DEEP + "|inlin",
    exits=(0, 3),
)
def laughing_calls():
    head = "def f{0}(x: Tensor) -> Tensor:\n"
    twice = "  return torch.add(__torch__.f{1}(x, ), __torch__.f{1}(x, ))\n"
    functions = [(head + twice).format(i, i + 1) for i in range(40)]
    functions.append(head.format(40) + "  return torch.neg(x)\n")
    return archive("".join(functions).encode() + code("return __torch__.f0(x, )"))


@hostile(
    "escape_codes.pt",
    "a string and an attribute's value hold terminal escape codes",
    ".",
    exits=(0,),
    forbid="\x1b",
)
def escape_codes():
    source = code(r'print("\033[2J\033]0;owned\007")', "return x", head=HEAD + "  label : str\n")
    return archive(source, pickled(label=p_str("\x1b[2J\x1b]0;owned\x07")))


# ---- Bad pickles ---------------------------------------------------------------------------------

TENSOR = r"tensor|storage|size|stride|bound|beyond|large|record|memory"
PICKLE = r"pickle|data\.pkl"


@hostile("exabyte_storage.pt", "a storage of 2^58 floats: the record has 64 bytes", TENSOR)
def exabyte_storage():
    return archive(data=pickled(w=p_tensor(numel=2**58)))


@hostile("exabyte_tensor.pt", "a tensor of an exabyte over such a storage", TENSOR)
def exabyte_tensor():
    return archive(data=pickled(w=p_tensor(numel=2**58, sizes=(2**29, 2**29), strides=(2**29, 1))))


@hostile("sizes_exceed.pt", "a tensor's sizes reach beyond its storage", TENSOR)
def sizes_exceed():
    return archive(data=pickled(w=p_tensor(sizes=(1000, 1000), strides=(1000, 1))))


@hostile("strides_exceed.pt", "a tensor's strides reach beyond its storage", TENSOR)
def strides_exceed():
    return archive(data=pickled(w=p_tensor(strides=(1_000_000, 1))))


@hostile("offset_exceeds.pt", "a tensor starts beyond its storage", TENSOR + "|offset")
def offset_exceeds():
    return archive(data=pickled(w=p_tensor(offset=2**40)))


@hostile("negative_offset.pt", "a tensor starts before its storage", TENSOR + "|offset|negative")
def negative_offset():
    return archive(data=pickled(w=p_tensor(offset=-1024)))


@hostile("negative_sizes.pt", "a tensor with negative sizes", TENSOR + "|negative")
def negative_sizes():
    return archive(data=pickled(w=p_tensor(sizes=(-4, 4))))


@hostile("sizes_overflow.pt", "sizes whose product overflows to 0", TENSOR + "|overflow")
def sizes_overflow():
    return archive(data=pickled(w=p_tensor(sizes=(2**32, 2**32), strides=(0, 0))))


@hostile("sizes_without_strides.pt", "a tensor with two sizes and one stride", TENSOR)
def sizes_without_strides():
    return archive(data=pickled(w=p_tensor(strides=(1,))))


@hostile("storage_type.pt", "a storage of an unknown type", r"storage|type|nosuch")
def storage_type():
    return archive(data=pickled(w=p_tensor(kind="NoSuchStorage")))


@hostile("storage_path.pt", "a storage's key climbs out of the archive", TENSOR + "|not found")
def storage_path():
    return archive(data=pickled(w=p_tensor(key="../../../etc/passwd")))


@hostile("pickle_empty.pt", "data.pkl is empty", PICKLE)
def pickle_empty():
    return archive(data=b"")


@hostile("pickle_cut.pt", "data.pkl ends in the middle", PICKLE)
def pickle_cut():
    return archive(data=pickled()[:60])


@hostile("pickle_random.pt", "data.pkl holds random bytes", PICKLE)
def pickle_random():
    return archive(data=b"\x80\x02" + random.Random(3).randbytes(1000))


@hostile(
    "pickle_number.pt", "data.pkl holds a number in place of a module", PICKLE + "|module|object"
)
def pickle_number():
    return archive(data=p_file(p_int(7)))


@hostile("pickle_underflow.pt", "data.pkl takes from an empty stack", PICKLE)
def pickle_underflow():
    return archive(data=p_file(b"tRubsa"))


@hostile(
    "pickle_os_system.pt",
    "data.pkl calls os.system",
    PICKLE + r"|os\.system|posix|class|type|__torch__",
)
def pickle_os_system():
    call = p_global("os", "system") + p_tuple(p_str("touch tsir-was-here")) + b"R"
    return archive(data=p_file(call))


@hostile(
    "pickle_os_system_attribute.pt",
    "an attribute calls os.system",
    PICKLE + r"|os\.system|posix|class|type|__torch__",
)
def pickle_os_system_attribute():
    call = p_global("os", "system") + p_tuple(p_str("touch tsir-was-here")) + b"R"
    return archive(data=pickled(w=call))


@hostile(
    "pickle_deep.pt",
    "data.pkl holds a list 1,000,000 deep",
    PICKLE + "|deep|nest|stack|crash|module",
    exits=(3, 5),
)
def pickle_deep():
    return archive(data=deflated(p_file(deep_list())))


@hostile(
    "pickle_deep_attribute.pt",
    "an attribute holds a list 1,000,000 deep",
    PICKLE + "|deep|nest|stack|crash|type",
    exits=(3, 5),
)
def pickle_deep_attribute():
    source = code("return x", head=HEAD + "  deep : Any\n")
    return archive(source, deflated(pickled(deep=deep_list())))


def deep_list():
    return b"]" * 1_000_000 + b"a" * 999_999


@hostile(
    "pickle_memo_index.pt",
    "a memo index of 4,294,967,295, to make the memo huge",
    PICKLE + "|memo",
    exits=(3, 5),
)
def pickle_memo_index():
    return archive(data=p_file(b")r\xff\xff\xff\xff0" + pickled()[2:-1]))


@hostile(
    "pickle_memo_missing.pt", "a memo entry that was never put", PICKLE + "|memo", exits=(3, 5)
)
def pickle_memo_missing():
    return archive(data=pickled(w=b"j\x00\x00\x00\x01"))


@hostile(
    "pickle_laughs.pt",
    "an attribute is a list of a list of … 2^40 items, shared by memo",
    PICKLE + "|large|deep|items|type",
    exits=(0, 3, 5),
)
def pickle_laughs():
    laughs = b"]q\x00"
    for i in range(1, 41):
        twice = b"h" + bytes([i - 1])
        laughs += b"](" + twice + twice + b"eq" + bytes([i])
    # Each list stays on the stack, and the tuple around them takes all of them.
    source = code("return x", head=HEAD + "  laughs : Any\n")
    return archive(source, pickled(laughs=b"(" + laughs + b"t"))


@hostile(
    "pickle_cycle.pt",
    "an attribute is a list that holds itself",
    PICKLE + "|cycl|recurs|itself|type",
    exits=(0, 3, 5),
)
def pickle_cycle():
    source = code("return x", head=HEAD + "  cycle : Any\n")
    return archive(source, pickled(cycle=b"]q\x00h\x00a"))


@hostile(
    "pickle_long_string.pt",
    "a string of 4 GB by its length, of 3 bytes in fact",
    PICKLE + "|string|length|size",
    exits=(3, 5),
)
def pickle_long_string():
    return archive(data=pickled(w=b"X\xff\xff\xff\xffabc"))


# ---- Zip bombs -----------------------------------------------------------------------------------

BOMB = r"large|inflat|compress|deflat|memory|size|bomb|limit"


@hostile(
    "bomb_weights.pt",
    "a true tensor of 4 GB, deflated to 4 MB: legal to look at",
    BOMB,
    exits=(0, 3, 5),
)
def bomb_weights():
    numel = (2**32 - 2**20) // 4  # just under 4 GB: no zip64
    weights = p_tensor(numel=numel, sizes=(numel,), strides=(1,))
    return archive(data=pickled(w=weights), changes={"data/0": inflating(b"\0", numel * 4)})


@hostile(
    "bomb_code.pt", "2 GB of blank lines before the code, deflated to 2 MB", BOMB, exits=(3, 5)
)
def bomb_code():
    return archive(inflating(b"\n", 2**31 - 2**20, tail=GOOD_CODE))


@hostile(
    "bomb_pickle.pt",
    "256 MB of empty tuples in data.pkl, 4 GB when loaded, deflated to 256 KB",
    BOMB + "|" + PICKLE,
    exits=(3, 5),
)
def bomb_pickle():
    # Not more, so that a program that falls for it runs out of memory, but the machine does not.
    whole = pickled()
    return archive(data=inflating(b")", 2**28, head=whole[:2], tail=whole[2:]))


@hostile(
    "size_lies.pt",
    "the code says it inflates to 1 GB, and has 300 bytes",
    BOMB + "|" + CUT,
    exits=(3, 5),
)
def size_lies():
    return archive(deflated(GOOD_CODE)._replace(size=1 << 30))


# ---- Writing -------------------------------------------------------------------------------------


def write(path, build):
    remove(path)
    takes_path = build.__code__.co_argcount == 1
    data = build(path) if takes_path else build()
    if data is not None:
        with open(path, "wb") as file:
            file.write(data)


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def use_torch():
    """Imports torch here because this takes seconds, and a second run does not need it."""
    global torch
    warnings.filterwarnings("ignore")
    try:
        import torch
    except ImportError:
        sys.exit("make_hostile: this Python has no torch; tools/setup finds or makes one that has")


def make(outdir):
    use_torch()
    manifest = []
    for name, what, exits, words, build, extra in ENTRIES:
        try:
            write(os.path.join(outdir, name), build)
        except (AttributeError, ImportError) as error:  # newer releases of torch have removed parts
            say(f"{name}: skipped: this torch ({torch.__version__}) does not support it: {error}")
            continue
        manifest.append(
            {"file": name, "what": what, "expect_exit": exits, "expect_words": words, **extra}
        )
    return manifest


# ---- What torch.jit.load does --------------------------------------------------------------------


def probe(path, seconds=30, memory=8 << 30):
    """Loads the file in a separate process with limits, because some files use all memory or crash."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(seconds)
        os.write(write_end, load_and_say(path).encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read().decode()
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status):
        return said
    killer = os.WTERMSIG(status)
    return (
        f"no end after {seconds} s"
        if killer == signal.SIGALRM
        else f"dies of {signal.strsignal(killer)}"
    )


def load_and_say(path):
    try:
        module = torch.jit.load(path, map_location="cpu")
        str(module.graph)  # the code is compiled on first use
        return "loads it"
    except BaseException as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return f"{type(error).__name__}: {' / '.join(lines)[:300]}"


def probe_all(outdir, manifest):
    use_torch()
    outdir = os.path.abspath(outdir)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for entry in manifest:
            entry["torch_says"] = probe(os.path.join(outdir, entry["file"]))
            say(f"{entry['file']}: {entry['torch_says'][:150]}")
        if os.listdir(folder):
            say(f"a file created other files: {os.listdir(folder)}")
        os.chdir(outdir)
    return manifest


def say(line):
    print(line, file=sys.stderr, flush=True)


def is_fresh(path):
    return os.path.exists(path) and os.path.getmtime(path) > os.path.getmtime(__file__)


def save_manifest(path, manifest):
    with open(path + ".new", "w") as file:
        json.dump(manifest, file, indent=2, ensure_ascii=True)
        file.write("\n")
    os.replace(path + ".new", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("outdir", metavar="OUTDIR", help="output folder")
    parser.add_argument(
        "--force", action="store_true", help="make all files, even if they are up to date"
    )
    parser.add_argument(
        "--probe", action="store_true", help="record what torch.jit.load does with each file"
    )
    arguments = parser.parse_args()
    os.makedirs(arguments.outdir, exist_ok=True)
    path = os.path.abspath(os.path.join(arguments.outdir, "manifest.json"))
    # The manifest is written last: if it is up to date, so are all files.
    if arguments.force or not is_fresh(path):
        manifest = make(arguments.outdir)
        save_manifest(path, manifest)
        say(f"wrote {len(manifest)} invalid files to {arguments.outdir}")
    if arguments.probe:
        with open(path) as file:
            manifest = json.load(file)
        save_manifest(path, probe_all(arguments.outdir, manifest))


if __name__ == "__main__":
    main()
