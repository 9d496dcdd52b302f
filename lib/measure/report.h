// A bench for people, and for programs.
#pragma once

#include "lib/measure/bench.h"
#include "lib/measure/environment.h"

#include <nlohmann/json.hpp>

namespace tsir {

// What the result alone does not say.
struct BenchContext {
  std::string file;
  std::string method;
  std::string passes; // as the user gave them
  std::string executable;
  std::string device;
  Executor executor = Executor::as_is;
  BenchSettings settings;
  Environment environment;
};

// Tables: each variant's times and ratios, the warm-up, and notes. Ends with a newline.
std::string report_text(const BenchResult& result, const BenchContext& context);
// google/benchmark's `context` and `benchmarks`, with everything else under "tsir" (schema tsir.bench/1).
nlohmann::ordered_json report_json(const BenchResult& result, const BenchContext& context);

// "1.42x faster [1.40, 1.44]": the words only where the interval excludes 1; else "1.00x [0.99, 1.02]", as a speed-up.
std::string describe(const Ratio& ratio);
// Lines that the reader of the numbers should know.
std::vector<std::string> report_notes(const BenchResult& result, const BenchContext& context);

} // namespace tsir
