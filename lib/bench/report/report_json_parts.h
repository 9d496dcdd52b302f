// The parts of a bench's JSON that show how it was measured.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"

#include <nlohmann/json.hpp>

namespace tsir {

// Times are in milliseconds.
inline nlohmann::ordered_json ms(double nanoseconds) {
  return nanoseconds / 1e6;
}

// JSON has no infinities: they become null.
nlohmann::ordered_json finite(double value);
// An outcome with its ratio and interval.
nlohmann::ordered_json verdict_json(const Decision& decision);
nlohmann::ordered_json environment_json(const Environment& environment);
// The plan of each group of variants.
nlohmann::ordered_json plans_json(const BenchOutcome& result);
// Every round with its creation order, warm-up, and blocks down to the single sample. Variants are named by index.
nlohmann::ordered_json rounds_json(const BenchOutcome& result);

} // namespace tsir
