// The flags of `tsir bisect`.
#pragma once

#include "lib/bisect/pass_states.h"
#include "tools/tsir/workload_options.h"

namespace tsir::tool {

struct BisectOptions {
  ProofOptions proof;
  JsonOption json;
  std::string passes;
  std::string test;
  std::string reproducers = "tsir-reproducers";
  std::string opt_limit{known_opt_limit};
  bool slower = false;
  bool linear = false;
  double band_percent = 5;
  double bench_seconds = 20;

  void add_to(CLI::App& app);
};

} // namespace tsir::tool
