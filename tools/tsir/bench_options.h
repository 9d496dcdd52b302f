#pragma once

#include "lib/bench/bench.h"
#include "tools/tsir/bench_baseline.h"
#include "tools/tsir/bench_exports.h"
#include "tools/tsir/bench_ops.h"
#include "tools/tsir/bench_rivals.h"
#include "tools/tsir/bench_sweep_options.h"
#include "tools/tsir/bench_train.h"
#include "tools/tsir/options.h"

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
  OpsOption ops;
  RivalOptions rivals;
  SweepOptions sweep;
  std::string passes;
  std::string start;
  std::string against; // another file, which becomes the baseline
  BenchSettings settings;
  bool no_compare = false;
  bool no_control = false;
  bool no_shaking = false;
  double band_percent = 1;
  bool percentiles = false;
  std::string fail_on; // "", "slower"
  bool strict = false;
  std::vector<std::string> tolerance;
  void add_to(CLI::App& app);
};

} // namespace tsir::tool
