#include "tools/tsir/installed_file.h"

#include "lib/base/error.h"

#include <fmt/format.h>

namespace tsir::tool {

std::filesystem::path installed_file(const std::filesystem::path& name) {
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  std::filesystem::path path = program.parent_path().parent_path() / "share/tsir" / name;
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorKind::load, fmt::format("{} is missing: `cmake --install` installs it", path.string()));
  }
  return path;
}

} // namespace tsir::tool
