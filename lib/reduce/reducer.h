// Makes a graph smaller as long as a failure stays: delta debugging, from large ranges of places to single ones, over
// all reductions, until none of them helps any more.
#pragma once

#include "lib/reduce/reduction.h"

#include <set>

namespace tsir {

struct ReducerHooks {
  // Whether the candidate still shows what is looked for. Every candidate is a sound graph.
  std::function<bool(const Candidate&)> interesting;
  // Runs the candidate, and notes in `seen` what its values were. May do nothing.
  std::function<void(Candidate&)> observe;
  std::function<bool()> stop;                                  // asked before every trial
  std::function<void(const Candidate& best)> better = {};      // after every step that was kept
  std::function<void(const std::string& doing)> progress = {}; // before every trial
};

enum class ReduceEnd { smallest, stopped }; // nothing more helps; or `stop` said so

class Reducer {
public:
  Reducer(Candidate start, ReducerHooks hooks) : best_(std::move(start)), hooks_(std::move(hooks)) {}
  // `reductions` in their order, round after round.
  ReduceEnd run(const std::vector<Reduction>& reductions);
  const Candidate& best() const { return best_; }
  size_t trials() const { return trials_; }
  size_t kept() const { return kept_; }

private:
  bool sweep(const Reduction& reduction);
  bool try_range(const Reduction& reduction, size_t begin, size_t end);
  bool keep_if_interesting(Candidate candidate);

  Candidate best_;
  ReducerHooks hooks_;
  std::set<std::pair<uint64_t, std::string>> tried_; // by the graph's hash and all else that a trial depends on
  size_t trials_ = 0;
  size_t kept_ = 0;
};

// LibTorch's check of a graph, and that its operators exist: as far as they did in `model`. False where not.
bool is_sound(jit::Graph& graph, jit::Graph& model);

} // namespace tsir
