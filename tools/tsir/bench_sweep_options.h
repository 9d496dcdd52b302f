// The flags of `tsir bench` that make it measure at several points.
#pragma once

#include "lib/bench/sweep.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

struct SweepOptions {
  SweepAxes given_axes;
  std::string batch_dimensions;

  void add_to(CLI::App& app);
  // What is varied: a single number of threads is no axis, but simply the number of threads.
  SweepAxes axes() const;
  // Whether there is anything to vary or to report as a point.
  bool given() const;
  // Sets a single number of threads for the whole process.
  void set_threads() const;
  // All that is wrong with the combination of flags, before anything is loaded. Throws Error(usage).
  void check(const InputOptions& input, const ExecutionOptions& execution) const;
  // The inputs at a point.
  InputOptions input_at(const InputOptions& input, const Point& point) const;
};

} // namespace tsir::tool
