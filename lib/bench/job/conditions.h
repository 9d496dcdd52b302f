// The conditions of a bench. Saved baselines are comparable only under the same conditions.
#pragma once

#include "lib/bench/outcome/environment.h"
#include "lib/bench/outcome/saved_baseline.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// SHA-1 of the file at `path`; "" for "-". Throws Error(load).
std::string file_sha1(const std::string& path);
// "float32[1,3,224,224] 5"
std::string inputs_text(const std::vector<c10::IValue>& inputs);
std::vector<Condition> conditions_of(const BenchTarget& target, const Environment& environment);

} // namespace tsir
