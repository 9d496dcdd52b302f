// A way to run a model: passes and the settings of the program.
#pragma once

#include "lib/run/compare.h"
#include "lib/serve/serve.h"

namespace tsir {

struct TuneCandidate {
  std::vector<std::string> parts; // of the search space, for people: "python-freeze", "fuse"
  std::string passes;             // "" for none
  HostSettings settings;

  std::string name() const; // "python-freeze + fuse, executor as-is"; "as loaded" for the baseline
  std::string key() const;  // equal for equal passes and settings
  bool operator==(const TuneCandidate&) const = default;
};
nlohmann::ordered_json to_json(const TuneCandidate& candidate);
TuneCandidate candidate_of(const nlohmann::ordered_json& json);

// What became of a candidate.
enum class CandidateState {
  good,      // runs, and gives the outputs of the module as it came
  identical, // executes the same as an earlier candidate, with the same settings
  wrong,     // its outputs differ by more than the tolerance
  failed,    // a pass, the model or LibTorch failed, or one of tsir's checks declined
  untried    // there was no time
};
std::string_view to_string(CandidateState state); // "FAILED"

// The time of a candidate divided by that of the module as it came: below 1 is faster.
struct TimeRatio {
  double ratio = 1;
  double low = 1;
  double high = 1;
  size_t rounds = 0;
  double level = 0.95; // of the interval; less if the rounds were too few
};

struct CandidateOutcome {
  TuneCandidate candidate;
  CandidateState state = CandidateState::untried;
  std::string detail;                  // one line, unless it is good
  double drift = 0;                    // the largest absolute difference of outputs
  bool compared = false;               // its outputs were
  ServedUnit unit = {};                // if it is good or identical
  std::optional<TimeRatio> ratio = {}; // from the race
  double median_ns = 0;                // of a call in the race; 0 if it did not take part
  bool stopped_early = false;          // in the race: it could not be the best

  bool good() const { return state == CandidateState::good; }
  bool savable() const { return unit.unsavable.empty(); }
};

// Adds an outcome to all, and its index to those that are to be raced, unless an earlier candidate executes the same.
// Of two that execute the same, the one with fewer parts is raced, if the other is still among those to be raced.
void add_outcome(std::vector<CandidateOutcome>& all, CandidateOutcome outcome, std::vector<size_t>& to_race);

nlohmann::ordered_json to_json(const CandidateOutcome& outcome);
CandidateOutcome candidate_outcome_of(const nlohmann::ordered_json& json);

} // namespace tsir
