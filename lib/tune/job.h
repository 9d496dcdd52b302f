// The search for the fastest way to run a model whose outputs are proven to stay the same.
#pragma once

#include "lib/bench/estimate/verdict.h"
#include "lib/bench/job/job.h"
#include "lib/tune/goal.h"
#include "lib/tune/mix.h"
#include "lib/tune/recipe.h"
#include "lib/tune/space.h"

namespace tsir {

struct TuneJob {
  // What is tuned. `sets` and `calls`: on which outputs are compared. The executor and `start` are not used.
  Workload workload;
  std::string program; // the path of tsir, which serves candidates
  Mix mix = {};        // inputs that are taken in turn; those of the first part are the workload's
  Goal goal = Goal::latency;
  size_t clients = 4; // for Goal::throughput
  Space space = {};
  double max_seconds = 300; // of the whole search
  std::string journal = {}; // a file; "" for none
  size_t further_sets = 100;
  std::chrono::nanoseconds answer_limit = std::chrono::minutes(2); // for a candidate to start, and for each answer
  DecisionRule rule = {};
  Warn warn = {};
};

// A candidate measured again, against the module as it came.
struct Confirmation {
  TuneCandidate candidate;
  Decision decision;
  double median_ns = 0;
  double as_loaded_ns = 0;
  size_t further_inputs = 0; // on which its outputs were compared
};

struct TuneOutcome {
  std::string method;
  std::string sha1;
  Environment environment;
  std::vector<Condition> conditions;
  std::vector<CandidateOutcome> candidates; // the first is the module as it came
  // Of the fastest, and of the fastest that a .pt can hold; the same if that is the fastest. None if nothing was faster
  // in the race, or if its outputs differed on further inputs.
  std::optional<Confirmation> best = {};
  std::optional<Confirmation> best_savable = {};
  std::vector<std::string> notes = {};
  bool interrupted = false;
  double seconds = 0;

  const CandidateOutcome* find(const TuneCandidate& candidate) const;
};

struct TuneHooks {
  std::function<bool()> stop = {}; // true ends the search; what is known is reported
  std::function<void(const Progress&)> progress = {};
};

// Throws Error(usage), Error(load); Error(check) if the module does not run as it came; Interrupted if nothing was
// found before the stop.
TuneOutcome tune(const TuneJob& job, const TuneHooks& hooks = {});

// Measures what the recipe says against the module as it came. `differences`: where the machine or the model differ.
struct CheckedRecipe {
  std::vector<std::string> differences;
  Confirmation confirmation;
};
CheckedRecipe check_recipe(const Recipe& recipe, const TuneJob& job, const TuneHooks& hooks = {});

// The recipe for one of the outcome's candidates.
Recipe recipe_for(const TuneJob& job, const TuneOutcome& outcome, const Confirmation& confirmation,
                  const std::string& made_by);

std::string to_text(const TuneJob& job, const TuneOutcome& outcome);
std::string to_text(const TuneJob& job, const CheckedRecipe& checked);
nlohmann::ordered_json to_json(const TuneJob& job, const TuneOutcome& outcome); // schema tsir.tune/1

} // namespace tsir
