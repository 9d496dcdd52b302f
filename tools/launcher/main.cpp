// bin/tsir of an installation that may be moved: finds LibTorch, and starts libexec/tsir with it.
//
// The loader needs to know where LibTorch is before the program starts, so this is a program of its own. It is linked
// statically and runs in a millisecond. The program that it starts restores LD_LIBRARY_PATH (tools/tsir/launched.h).
#include "tools/launcher/libtorch.h"
#include "tools/launcher/system.h"
#include "tools/launcher/variables.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace tsir::launcher;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

const std::vector<fs::path> loader_folders = {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64",
                                              "/usr/lib64"};

// Where the loader looks for the C++ library. A folder of LD_LIBRARY_PATH comes before all others.
std::vector<fs::path> system_folders(const std::string& library_path) {
  std::vector<fs::path> folders;
  std::istringstream given(library_path);
  for (std::string folder; std::getline(given, folder, ':');) {
    folders.emplace_back(folder);
  }
  folders.insert(folders.end(), loader_folders.begin(), loader_folders.end());
  return folders;
}

// The folders, and then those of the user.
std::string joined(const std::vector<fs::path>& folders, const std::string& library_path) {
  std::string text;
  for (const fs::path& folder : folders) {
    text += (text.empty() ? "" : ":") + folder.string();
  }
  return library_path.empty() ? text : text + ":" + library_path;
}

void start(char** argv) {
  const fs::path launcher = fs::read_symlink("/proc/self/exe");
  const fs::path installation = launcher.parent_path().parent_path();
  const std::string glibc = glibc_version(loader_folders);
  check_glibc(glibc, glibc_needs(installation));
  const fs::path libtorch = find_libtorch({.installation = installation,
                                           .libtorch = variable("TSIR_LIBTORCH"),
                                           .virtual_env = variable("VIRTUAL_ENV"),
                                           .conda_prefix = variable("CONDA_PREFIX"),
                                           .path = variable("PATH")});
  check_version(libtorch, TSIR_BUILT_FOR);
  const char* before = std::getenv("LD_LIBRARY_PATH");
  const std::string library_path = before == nullptr ? "" : before;
  if (before != nullptr) {
    ::setenv(library_path_variable, before, 1);
  } else {
    ::unsetenv(library_path_variable);
  }
  const std::string folders =
      joined(library_folders(installation, libtorch, system_folders(library_path), glibc), library_path);
  ::setenv("LD_LIBRARY_PATH", folders.c_str(), 1);
  ::setenv(program_variable, launcher.c_str(), 1);
  const fs::path program = installation / "libexec/tsir";
  ::execv(program.c_str(), argv);
  throw NotFound(program.string() + " cannot be started: " + std::strerror(errno) +
                 (errno == ENOENT && fs::exists(program) ? " (tsir needs a system with glibc)" : ""));
}

} // namespace

int main(int, char** argv) {
  try {
    start(argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tsir: error: %s\n", error.what());
  }
  return 3; // as if a file could not be loaded
}
