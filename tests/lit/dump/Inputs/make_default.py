"""Makes three modules from good.pt whose code writes a file while LibTorch loads it.

make_default.py GOOD DEFAULT CONSTANT NESTED
"""

import sys
import zipfile

CALL = 'torch.save(1, "written")'
FORWARD = "  def forward(self: __torch__.M,\n    x: Tensor{more}) -> Tensor:\n{body}    return x\n"


def make(good, path, change):
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("code/__torch__.py"):
                text = data.decode()
                data = (text[: text.index("  def forward")] + change).encode()
            new.writestr(entry, data)


good, default, constant, nested = sys.argv[1:]
make(good, default, FORWARD.format(more=f",\n    y: NoneType={CALL}", body=""))
make(good, constant, f"  z : Final[NoneType] = [{CALL}][0]\n" + FORWARD.format(more="", body=""))
make(good, nested, FORWARD.format(more="", body=f"    def inner(y: NoneType={CALL}):\n      return 1\n"))
