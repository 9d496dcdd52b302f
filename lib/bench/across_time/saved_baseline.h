// Saves the outcome of a bench in a file, and compares later outcomes with it.
//
// Two runs at different times differ by more than what was changed: the state of the machine, and placement in memory.
// The rounds of one run do not show this variation. Timing both in the same blocks does not have this weakness.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"
#include "lib/bench/stats/statistics.h"

#include <nlohmann/json.hpp>

namespace tsir {

// Of each round the median over blocks of the variant's faster turn, in nanoseconds a call: a burst of other work
// counts only if it hits both turns, as in the verdicts of a run.
std::vector<double> round_medians(const BenchOutcome& result, size_t variant);
// A baseline of all variants that have times.
SavedBaseline make_baseline(const BenchOutcome& result);
// Schema tsir.baseline/1. Also contains the verdicts of the run and its environment, for people.
nlohmann::ordered_json baseline_json(const SavedBaseline& baseline, const BenchOutcome& result);
// Throws Error(load) in one line if the file is unreadable, not a baseline, damaged, or written by another version of
// tsir.
SavedBaseline read_baseline(const std::string& path);
SavedBaseline parse_baseline(std::string_view text, const std::string& path);

// The index of the variant with the same passes: a variant of the model if `origin` is "", else of the other module
// that was the baseline.
std::optional<size_t> saved_variant(const SavedBaseline& baseline, const std::string& passes,
                                    const std::string& origin);
// "threads: 4 then, 2 now; …", or "".
std::string different_conditions(const SavedBaseline& then, const std::vector<Condition>& now);

// Compares by Welch's t test on the logarithms of round_medians, with Holm's correction over all pairs.
AcrossTimes compare_across_time(const SavedBaseline& then, const BenchOutcome& now, const DecisionRule& rule);
// An interval for the mean of `now` minus that of `then`, with unequal variances; its bounds are infinite if one has
// fewer than two values.
Interval welch_interval(std::span<const double> now, std::span<const double> then, double level);

} // namespace tsir
