// The flags of `tsir bench` that make it measure at several points.
#pragma once

#include "lib/bench/job/points.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

struct SweepOptions {
  SweepAxes given_axes;
  std::string batch_dimensions;

  void add_to(CLI::App& app);
  // The axes that are varied. A single number of threads is not an axis; see threads().
  SweepAxes axes() const;
  int threads() const; // the single number that was given; else 0
  // Checks the texts, and that they do not conflict with other inputs, before anything is loaded. Throws Error(usage).
  void check(const InputOptions& input) const;
  BatchDimensions dimensions() const; // of --batch-dim. Throws Error(usage).
};

} // namespace tsir::tool
