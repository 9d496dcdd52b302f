// tsir --version: tsir's version, and the LibTorch that it runs on.
#pragma once

#include <CLI/CLI.hpp>

namespace tsir::tool {

// "tsir 0.2.0 (LibTorch 2.13.0)": the versions of tsir and of the LibTorch that it was built for.
std::string version_line();

// Adds --version, and --json for it.
void add_version_flags(CLI::App& app);

} // namespace tsir::tool
