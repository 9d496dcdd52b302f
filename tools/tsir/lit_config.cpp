#include "tools/tsir/lit_config.h"

#include "tools/tsir/installed_file.h"

namespace tsir::tool {

void add_lit_config_flag(CLI::App& app) {
  app.add_flag_callback(
      "--lit-config", [] { throw CLI::CallForVersion(installed_file("lit/tsir.cfg.py").string(), 0); },
      "Print the path of the lit configuration for tests of IR (docs/testing_ir.md) and exit");
}

} // namespace tsir::tool
