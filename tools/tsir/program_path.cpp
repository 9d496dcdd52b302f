#include "tools/tsir/program_path.h"

#include "lib/base/error.h"

namespace tsir::tool {
namespace {

std::filesystem::path given_path;

} // namespace

std::filesystem::path program_path() {
  if (!given_path.empty()) {
    return given_path;
  }
  std::error_code failed;
  const std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) {
    throw Error(ErrorKind::check, "the path of this program cannot be found: is /proc mounted?");
  }
  return path;
}

void set_program_path(std::filesystem::path path) {
  given_path = std::move(path);
}

} // namespace tsir::tool
