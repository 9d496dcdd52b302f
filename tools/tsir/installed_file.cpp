#include "tools/tsir/installed_file.h"

#include "lib/base/error.h"
#include "tools/tsir/program_path.h"

#include <fmt/format.h>

namespace tsir::tool {

std::filesystem::path installed_file(const std::filesystem::path& name) {
  std::filesystem::path path = program_path().parent_path().parent_path() / "share/tsir" / name;
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorKind::load, fmt::format("{} is missing: `cmake --install` installs it", path.string()));
  }
  return path;
}

} // namespace tsir::tool
