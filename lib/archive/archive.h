// The zip archive that a TorchScript file is: its entries, their real sizes, and its code as text. Looks only; nothing
// is compiled or unpickled here.
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
  uint64_t size;    // bytes when read
  uint64_t stored;  // bytes in the file
  bool compressed;
};

class Archive {
public:
  // Throws Error(load) where the bytes are no zip archive, it is damaged, or it would inflate out of all proportion.
  static std::shared_ptr<Archive> open(std::shared_ptr<const Bytes> bytes);
  virtual ~Archive() = default;

  virtual const std::vector<ArchiveEntry>& entries() const = 0;
  virtual const ArchiveEntry* find(const std::string& name) const = 0;
  // The contents of an entry; at most `limit` bytes are ever allocated. Throws Error(load).
  virtual std::string read(const std::string& name, uint64_t limit = uint64_t{1} << 30) const = 0;
  // Where an uncompressed entry lies in bytes(), without reading it; checked against the file's end. Nothing for a
  // compressed entry. Throws Error(load) where there is no such entry or its place is wrong.
  virtual std::optional<std::span<const std::byte>> in_place(const std::string& name) const = 0;
  virtual const Bytes& bytes() const = 0;
  virtual std::shared_ptr<const Bytes> shared_bytes() const = 0;
};

// Whether the bytes begin as zip archives do.
bool looks_like_zip(const Bytes& bytes);

} // namespace tsir
