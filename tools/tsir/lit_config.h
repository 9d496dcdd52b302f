// tsir --lit-config: prints the path of the lit configuration that is installed with tsir.
#pragma once

#include <CLI/CLI.hpp>

namespace tsir::tool {

void add_lit_config_flag(CLI::App& app);

} // namespace tsir::tool
