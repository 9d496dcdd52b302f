// The flag of `tsir bench` that looks into calls.
#pragma once

#include "tools/tsir/options.h"

namespace tsir::tool {

// --ops[=N].
struct OpsOption {
  bool given = false;
  int rows = 10; // that a table shows
  void add_to(CLI::App& app, const std::string& group);
};

} // namespace tsir::tool
