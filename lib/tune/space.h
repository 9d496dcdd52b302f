// What tune searches: parts that make pipelines, and settings of the program.
#pragma once

#include "lib/tune/candidate.h"

#include <set>

namespace tsir {

// A step that can help by itself: passes, or a setting that replaces a pass. A candidate has its parts in the order of
// the table.
struct Part {
  std::string name;               // "fuse"
  std::string passes;             // "fuse"; "" if it is a setting
  std::string group;              // a pipeline has at most one part of a group; "" for none
  bool inlined = false;           // acts within one graph: calls are inlined first
  bool frozen = false;            // acts on frozen weights only
  bool as_is = false;             // the result runs with the executor as-is only
  bool onednn_fusion = false;     // the profiling executor fuses
  bool changes_precision = false; // only if it is allowed by name
  bool for_cpu = false;           // does nothing for other devices, or fails there
};
const std::vector<Part>& tuning_parts();
// The names of settings that are searched: "executor", "threads".
const std::vector<std::string>& tuning_settings();

struct Space {
  std::set<std::string> allowed = {}; // names of parts that change precision
  std::set<std::string> only = {};    // names of parts and settings to search; empty: all
  int threads = 0;                    // that the user has chosen, and that are not varied; 0: varied
  int processors = 1;
  bool forks = false;  // the model has tasks that run at the same time
  bool shapes = false; // the model sees several shapes
  bool on_cpu = true;  // the model runs there

  // Throws Error(usage) on a name that does not exist, or that need not be allowed.
  void check() const;
  bool searches(const std::string& name) const; // a part or a setting
  bool wants(const std::string& name) const;    // the same, whatever the device
};

// The module as it came, as a program runs it.
TuneCandidate as_loaded(const Space& space);
// A candidate of these parts, and of those that they need.
TuneCandidate candidate_with(const std::set<std::string>& parts, const HostSettings& settings);
// Whether the candidate has a part that changes precision.
bool changes_precision(const TuneCandidate& candidate);
// Each part alone, those first that helped most models, and the executors.
std::vector<TuneCandidate> single_candidates(const Space& space);
// What a part gained.
struct Gain {
  std::string part;
  double ratio;      // the time of its candidate divided by that of the candidate without it
  bool shown = true; // the interval says so, too
};
using Gains = std::vector<Gain>;
// Combinations of two or more parts that helped, at most `most`. Those come first that would be the fastest if gains
// multiplied. A gain that is not shown counts nothing for this: races are short, and most of such gains are noise.
// Those in `known`, by their key, are left out.
std::vector<TuneCandidate> combinations(const Gains& gains, const Space& space, const std::set<std::string>& known,
                                        size_t most = 10);
// `best` with one setting changed.
std::vector<TuneCandidate> setting_variants(const TuneCandidate& best, const Space& space);
// `best` with the settings in which the variants differ from it.
TuneCandidate with_settings_of(const TuneCandidate& best, const std::vector<TuneCandidate>& variants);

} // namespace tsir
