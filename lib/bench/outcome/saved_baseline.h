// The result of a bench saved in a file, and the comparison of a later one with it. Computed in across_time/.
#pragma once

#include "lib/bench/estimate/verdict.h"

#include <algorithm>
#include <string>
#include <vector>

namespace tsir {

// A condition that must be equal for the times of two runs to be comparable: {"threads", "4"}.
struct Condition {
  std::string name;
  std::string value;
};

// "" if there is no condition of this name.
inline std::string value_of(const std::vector<Condition>& conditions, const std::string& name) {
  const auto found = std::ranges::find(conditions, name, &Condition::name);
  return found == conditions.end() ? "" : found->value;
}

struct SavedVariant {
  std::string name;
  std::string passes;            // as a pipeline
  std::string origin;            // the other module's file, if the variant was made from it
  std::vector<double> median_ns; // of each round, over its blocks; see round_medians
};

struct SavedBaseline {
  std::string path; // the file that it was read from; not stored in the file
  std::string date;
  std::string model; // the file's name
  std::string sha1;  // of the file; "" for standard input
  std::vector<Condition> conditions;
  std::vector<SavedVariant> variants;
};

// A variant compared with the saved one of the same passes.
struct AcrossTime {
  size_t variant = 0;
  size_t saved = 0;
  size_t rounds_now = 0;
  double median_now = 0; // nanoseconds, over rounds
  double median_then = 0;
  Decision decision; // its ratio is that of now to then
};

struct AcrossTimes {
  SavedBaseline then;
  std::string different; // conditions that differ, if that is allowed: "threads: 4 then, 2 now"
  std::vector<AcrossTime> pairs;
  std::vector<std::string> unmatched; // variants of this run that are not in the file
};

} // namespace tsir
