// The zip archive of a TorchScript file: its entries, their actual sizes, and its code as text. The archive is only
// read here; nothing is compiled or unpickled.
#pragma once

#include "lib/base/bytes.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tsir {

struct ArchiveEntry {
  std::string name; // without the archive's top folder: "code/__torch__/m.py", "data/0"
  uint64_t size;    // uncompressed size, in bytes
  uint64_t stored;  // size in the file, in bytes
  bool compressed;
};

class Archive {
public:
  // Throws Error(load) if the bytes are not a zip archive, if the archive is damaged, or if it would inflate out of all
  // proportion.
  static std::shared_ptr<Archive> open(std::shared_ptr<const Bytes> bytes);
  virtual ~Archive() = default;

  virtual const std::vector<ArchiveEntry>& entries() const = 0;
  virtual const ArchiveEntry* find(const std::string& name) const = 0;
  // The contents of an entry. Allocates at most `limit` bytes. Throws Error(load).
  virtual std::string read(const std::string& name, uint64_t limit = uint64_t{1} << 30) const = 0;
  // The bytes of an uncompressed entry within bytes(). They are not read, but their range is checked against the end of
  // the file. std::nullopt for a compressed entry. Throws Error(load) if the entry does not exist or its range is
  // invalid.
  virtual std::optional<std::span<const std::byte>> in_place(const std::string& name) const = 0;
  virtual const Bytes& bytes() const = 0;
  virtual std::shared_ptr<const Bytes> shared_bytes() const = 0;
};

// Whether the file also has bytecode for LibTorch's lite interpreter, as every flatbuffer has.
bool has_lite_bytecode(const Archive& archive);

// Whether the bytes start with the signature of a zip archive.
bool looks_like_zip(const Bytes& bytes);

} // namespace tsir
