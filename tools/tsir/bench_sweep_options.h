// The flags of `tsir bench` that make it measure at several points.
#pragma once

#include "lib/bench/job/points.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

struct SweepOptions {
  SweepAxes given_axes;
  std::string batch_dimensions;

  void add_to(CLI::App& app);
  // What is varied: a single number of threads is not an axis, but simply the number of threads.
  SweepAxes axes() const;
  int threads() const; // that single number; else 0
  // What is wrong with the texts, and with them beside other inputs, before anything is loaded. Throws Error(usage).
  void check(const InputOptions& input) const;
  BatchDimensions dimensions() const; // of --batch-dim. Throws Error(usage).
};

} // namespace tsir::tool
