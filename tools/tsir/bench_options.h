#pragma once

#include "lib/bench/job/job.h"
#include "tools/tsir/bench_baseline.h"
#include "tools/tsir/bench_exports.h"
#include "tools/tsir/bench_rivals.h"
#include "tools/tsir/bench_sweep_options.h"
#include "tools/tsir/bench_train.h"

namespace tsir::tool {

// The flags of `tsir bench`.
struct BenchOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  ExportOptions exports;
  TrainOptions train;
  BaselineOptions baseline;
  RivalOptions rivals;
  SweepOptions sweep;
  std::string passes;
  std::string start;
  std::string against; // another file, which becomes the baseline
  BenchSettings settings;
  bool no_compare = false;
  bool no_control = false;
  double band_percent = 1;
  bool ops = false;
  int ops_rows = 10; // rows of a table
  bool percentiles = false;
  std::string fail_on; // "", "slower"
  bool strict = false;
  std::vector<std::string> tolerance;

  void add_to(CLI::App& app);
  // To be called before the work. Throws Error(usage) if a file cannot be written or would overwrite another one.
  void check_files() const;
  // Throws Error(usage) on unknown passes and other texts that cannot be parsed, and Error(load) if the saved baseline
  // cannot be read.
  BenchJob job(const Session& session) const;
};

} // namespace tsir::tool
