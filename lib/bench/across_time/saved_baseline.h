// The result of a bench kept in a file, and later runs compared with it.
//
// Two runs at two times differ by more than what was changed: the machine's state, and where everything lies in memory.
// Rounds of one run do not show that. Timing both in the same blocks (--against) does not have this weakness.
#pragma once

#include "lib/bench/stats/statistics.h"
#include "lib/bench/report/report.h"

namespace tsir {

// Something that must be equal for two runs' times to be comparable: {"threads", "4"}.
struct Condition {
  std::string name;
  std::string value;
};

struct SavedVariant {
  std::string name;
  std::string passes;            // as Pipeline::text
  std::string origin;            // the file of --against, where it comes from there
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

// SHA-1 of the file at `path`; "" for "-". Throws Error(load).
std::string file_sha1(const std::string& path);
std::vector<Condition> conditions_of(const BenchTarget& target, const Environment& environment, bool shaken);
// Of each round the median over blocks of the variant's faster turn, in nanoseconds a call: a burst of other work must
// hit both turns to get through, as in the verdicts of a run.
std::vector<double> round_medians(const BenchResult& result, size_t variant);
// All variants that have times.
SavedBaseline make_baseline(const BenchResult& result, const BenchContext& context, std::vector<Condition> conditions,
                            std::string sha1);
// Schema tsir.baseline/1; for people also the verdicts of the run and its environment.
nlohmann::ordered_json baseline_json(const SavedBaseline& baseline, const BenchResult& result,
                                     const BenchContext& context);
// Throws Error(load) in one line: unreadable, something else, damaged, or written by a newer tsir.
SavedBaseline read_baseline(const std::string& path);
SavedBaseline parse_baseline(std::string_view text, const std::string& path);

// Where the variant of the same passes stands, of the file itself or of that of --against.
std::optional<size_t> saved_variant(const SavedBaseline& baseline, const VariantSpec& spec);
// "threads: 4 then, 2 now; …", or "".
std::string different_conditions(const SavedBaseline& then, const std::vector<Condition>& now);

// A variant now against the one of the same passes then.
struct AcrossTime {
  size_t variant = 0;
  size_t saved = 0;
  size_t rounds_now = 0;
  double median_now = 0; // nanoseconds, over rounds
  double median_then = 0;
  Decision decision; // its ratio is now over then
};
// As describe(Decision); a single round has no interval.
std::string describe(const AcrossTime& pair);
struct AcrossTimes {
  std::vector<AcrossTime> pairs;
  std::vector<std::string> unmatched; // variants of now that the file does not have
};
// Welch's t on the logarithms of round_medians, at a level shared out over all pairs by Holm.
AcrossTimes compare_across_time(const SavedBaseline& then, const BenchResult& now, const DecisionRule& rule);
// The mean of `now` less that of `then`, for unequal variances; infinite bounds where one has fewer than two values.
Interval welch_interval(std::span<const double> now, std::span<const double> then, double level);

// "saved_baseline". `different`: conditions that differ, where that was allowed.
ReportSection saved_baseline_section(const SavedBaseline& then, const AcrossTimes& compared, const BenchResult& result,
                                     const std::string& sha1_now, const std::string& different);

} // namespace tsir
