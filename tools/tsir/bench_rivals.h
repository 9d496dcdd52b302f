// --rival: other programs that `tsir bench` times in the same blocks as its variants.
#pragma once

#include "lib/bench/job/job.h"

#include <CLI/CLI.hpp>

namespace tsir::tool {

struct RivalOptions {
  std::vector<std::string> texts; // NAME=COMMAND
  double limit_seconds = 300;

  void add_to(CLI::App& app);
  // Throws Error(usage) if one is not of the form NAME=COMMAND.
  std::vector<RivalCommand> commands() const;
  std::chrono::nanoseconds limit() const;
};

} // namespace tsir::tool
