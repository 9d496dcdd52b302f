// --rival: other programs, timed beside the variants of `tsir bench`.
#pragma once

#include "lib/bench/variants/rival.h"
#include "lib/bench/variants/variant.h"

#include <CLI/CLI.hpp>

namespace tsir::tool {

struct BenchOptions;

struct RivalOptions {
  std::vector<std::string> commands; // NAME=COMMAND
  double limit_seconds = 300;
  void add_to(CLI::App& app);
};

// Starts each rival, as far as its greeting: a command that is none is found before any work. Throws Error(usage) for
// one that is no NAME=COMMAND, or whose name is taken; Error(load) where a rival does not greet.
std::vector<Rival> open_rivals(const BenchOptions& options);
// Adds them to the variants, with the target's inputs. Throws Error(usage) where a name is that of a variant.
void add_rivals(std::vector<VariantSpec>& specs, const std::vector<Rival>& rivals, const BenchTarget& target);

} // namespace tsir::tool
