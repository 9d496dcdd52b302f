#include "lib/archive/model_bytes.h"

#include "lib/archive/flatbuffer_archive.h"

namespace tsir {

std::shared_ptr<const Bytes> open_model_bytes(const std::string& path) {
  auto bytes = Bytes::open(path);
  return is_module_flatbuffer(*bytes) ? archive_of_flatbuffer(*bytes) : bytes;
}

} // namespace tsir
