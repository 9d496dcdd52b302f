#include "tools/tsir/lit_config.h"

#include "lib/base/error.h"

#include <fmt/format.h>

#include <filesystem>

namespace tsir::tool {
namespace {

// The path relative to the program, which is the same in an installation and in a build tree.
std::string lit_config_path() {
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  const auto path = program.parent_path().parent_path() / "share/tsir/lit/tsir.cfg.py";
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorKind::load, fmt::format("{} is missing: `cmake --install` installs it", path.string()));
  }
  return path;
}

} // namespace

void add_lit_config_flag(CLI::App& app) {
  app.add_flag_callback(
      "--lit-config", [] { throw CLI::CallForVersion(lit_config_path(), 0); },
      "Print the path of the lit configuration for tests of IR (docs/testing_ir.md) and exit");
}

} // namespace tsir::tool
