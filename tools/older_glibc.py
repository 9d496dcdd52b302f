"""Makes programs and libraries run with an older glibc than that of the system on which they were linked.

    older_glibc.py FILE...     changes x86-64 ELF files in place

A linked file names a version of each function that it takes from another library, and the loader refuses the file if
one of these versions is missing. For the functions below an older version does the same. A version is replaced only if
all that a file takes by it is in the list; otherwise the file still needs it, and tools/bundle says so.
"""
import struct
import sys

OLDER = {
    # In 2.35, it stopped to call the program's matherr(), which no program here has.
    "hypot": ("GLIBC_2.35", "GLIBC_2.2.5"),
    # The program has its own: tools/tsir/arc4random.cpp. The loader takes that one, whatever the version.
    "arc4random_buf": ("GLIBC_2.36", "GLIBC_2.2.5"),
    # std::condition_variable::wait(), which became noexcept.
    "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE": ("GLIBCXX_3.4.30", "GLIBCXX_3.4.11"),
}
X86_64 = 62
HIDDEN = 0x8000  # a bit of a version's number in the table of symbols


def elf_hash(name):
    value = 0
    for byte in name.encode():
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ (high >> 24)) & ~high
    return value


class Elf:
    """The dynamic symbols of a file and the versions that it needs."""

    def __init__(self, data):
        self.data = data
        sections = self._sections()
        self.names = sections.get(".dynstr", (0, 0))  # none in a static program
        self.needs = sections.get(".gnu.version_r", (0, 0))
        self.symbols = list(self._symbols(sections.get(".dynsym", (0, 0)), sections.get(".gnu.version", (0, 0))))

    def _sections(self):
        offset, = struct.unpack_from("<Q", self.data, 0x28)
        size, count, names = struct.unpack_from("<3H", self.data, 0x3A)
        headers = [struct.unpack_from("<IIQQQQ", self.data, offset + i * size) for i in range(count)]
        return {self._text(headers[names][4] + header[0]): header[4:6] for header in headers}

    def _text(self, at):
        return self.data[at:self.data.index(b"\0", at)].decode()

    def _symbols(self, table, versions):
        """A name and a version's number for each symbol that is not defined here."""
        for i in range(min(table[1] // 24, versions[1] // 2)):
            name, _, _, section = struct.unpack_from("<IBBH", self.data, table[0] + i * 24)
            version, = struct.unpack_from("<H", self.data, versions[0] + i * 2)
            if section == 0:
                yield self._text(self.names[0] + name), version & ~HIDDEN

    def needed_versions(self):
        """For each version: where its entry stands, its name and its number."""
        library = self.needs[0]
        while self.needs[1]:
            _, count, _, first, following = struct.unpack_from("<HHIII", self.data, library)
            entry = library + first
            for _ in range(count):
                _, _, number, name, step = struct.unpack_from("<IHHII", self.data, entry)
                yield entry, self._text(self.names[0] + name), number
                entry += step
            if following == 0:
                return
            library += following

    def replace(self, entry, name):
        """False if the file has the name nowhere."""
        start, size = self.names
        found = self.data.find(b"\0" + name.encode() + b"\0", start, start + size)
        if found < 0:
            return False
        struct.pack_into("<I", self.data, entry, elf_hash(name))
        struct.pack_into("<I", self.data, entry + 8, found + 1 - start)
        return True


def older_version(elf, version, number):
    """The version to be needed instead; None if there is none that has all that the file takes."""
    found = set()
    for symbol, symbol_version in elf.symbols:
        if symbol_version == number:
            new, old = OLDER.get(symbol, (None, None))
            found.add(old if new == version else None)
    return found.pop() if len(found) == 1 else None


def make_older(path):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    if data[:5] != b"\x7fELF\x02" or struct.unpack_from("<H", data, 18)[0] != X86_64:
        return
    elf = Elf(data)
    changed = False
    for entry, version, number in list(elf.needed_versions()):
        older = older_version(elf, version, number)
        changed = (older is not None and elf.replace(entry, older)) or changed
    if changed:
        with open(path, "r+b") as file:
            file.write(data)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        make_older(argument)
