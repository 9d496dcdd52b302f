// The outcome of a bench kept in a file, and the comparison of a later one with it (computed in across_time/).
#pragma once

#include "lib/bench/estimate/verdict.h"

#include <string>
#include <vector>

namespace tsir {

// Something that must be equal for two runs' times to be comparable: {"threads", "4"}.
struct Condition {
  std::string name;
  std::string value;
};

struct SavedVariant {
  std::string name;
  std::string passes;            // as a pipeline
  std::string origin;            // the other module's file, where it comes from there
  std::vector<double> median_ns; // of each round, over its blocks; see round_medians
};

struct SavedBaseline {
  std::string path; // where it was read from; not part of the file
  std::string date;
  std::string model; // the file's name
  std::string sha1;  // of the file; "" where it came from standard input
  std::vector<Condition> conditions;
  std::vector<SavedVariant> variants;
};

// A variant now against the one of the same passes then.
struct AcrossTime {
  size_t variant = 0;
  size_t saved = 0;
  size_t rounds_now = 0;
  double median_now = 0; // nanoseconds, over rounds
  double median_then = 0;
  Decision decision; // its ratio is now over then
};

struct AcrossTimes {
  SavedBaseline then;
  std::string different; // conditions that differ, where that was allowed: "threads: 4 then, 2 now"
  std::vector<AcrossTime> pairs;
  std::vector<std::string> unmatched; // variants of now that the file does not have
};

} // namespace tsir
