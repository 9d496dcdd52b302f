#include "tools/tsir/scratch_folder.h"

#include "lib/core/error.h"

#include <filesystem>
#include <fmt/format.h>
#include <stdlib.h>

namespace tsir::tool {

ScratchFolder::ScratchFolder() : path_((std::filesystem::temp_directory_path() / "tsir-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) {
    throw Error(ErrorKind::check,
                fmt::format("cannot make a folder in {}", std::filesystem::temp_directory_path().string()));
  }
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace tsir::tool
