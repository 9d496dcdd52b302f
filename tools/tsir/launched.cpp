#include "tools/tsir/launched.h"

#include "lib/base/error.h"
#include "tools/launcher/variables.h"

#include <cstdlib>
#include <filesystem>

namespace tsir::tool {
namespace {

std::string& launcher_path() {
  static std::string path;
  return path;
}

} // namespace

void restore_environment() {
  const char* path = std::getenv(launcher::program_variable);
  if (path == nullptr) {
    return;
  }
  launcher_path() = path;
  if (const char* before = std::getenv(launcher::library_path_variable)) {
    ::setenv("LD_LIBRARY_PATH", before, 1);
  } else {
    ::unsetenv("LD_LIBRARY_PATH");
  }
  ::unsetenv(launcher::program_variable);
  ::unsetenv(launcher::library_path_variable);
}

std::string own_path() {
  if (!launcher_path().empty()) {
    return launcher_path();
  }
  std::error_code failed;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) {
    throw Error(ErrorKind::check, "the path of this program cannot be found");
  }
  return path.string();
}

} // namespace tsir::tool
