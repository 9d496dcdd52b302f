#include "tools/tsir/launched.h"

#include "tools/launcher/variables.h"
#include "tools/tsir/program_path.h"

#include <cstdlib>

namespace tsir::tool {

void restore_environment() {
  const char* path = std::getenv(launcher::program_variable);
  if (path == nullptr) {
    return;
  }
  set_program_path(path);
  if (const char* before = std::getenv(launcher::library_path_variable)) {
    ::setenv("LD_LIBRARY_PATH", before, 1);
  } else {
    ::unsetenv("LD_LIBRARY_PATH");
  }
  ::unsetenv(launcher::program_variable);
  ::unsetenv(launcher::library_path_variable);
}

} // namespace tsir::tool
