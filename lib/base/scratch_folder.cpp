#include "lib/base/scratch_folder.h"

#include "lib/base/error.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <stdlib.h>

namespace tsir {

ScratchFolder::ScratchFolder(const std::string& name, const std::filesystem::path& parent)
    : path_((parent / (name + "-XXXXXX")).string()) {
  if (::mkdtemp(path_.data()) == nullptr) {
    throw Error(ErrorKind::check,
                fmt::format("cannot make a folder for {} in {}: {}", name, parent.string(), std::strerror(errno)));
  }
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace tsir
