// Makes a graph smaller while it still shows a failure. Delta debugging: tries all reductions, from large ranges of
// places to single ones, until none of them succeeds.
#pragma once

#include "lib/reduce/reduction.h"

#include <set>

namespace tsir {

struct ReducerHooks {
  // Whether the candidate still shows the failure. Every candidate is a valid graph.
  std::function<bool(const Candidate&)> interesting;
  // Runs the candidate and stores the contents of its values in `seen`. May do nothing.
  std::function<void(Candidate&)> observe;
  std::function<bool()> stop;                                  // called before every trial
  std::function<void(const Candidate& best)> better = {};      // after every step that was kept
  std::function<void(const std::string& doing)> progress = {}; // before every trial
};

enum class ReduceEnd { smallest, stopped }; // no reduction succeeds any more; or `stop` returned true

class Reducer {
public:
  Reducer(Candidate start, ReducerHooks hooks) : best_(std::move(start)), hooks_(std::move(hooks)) {}
  // Applies the reductions in their order, repeatedly.
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
  std::set<std::pair<uint64_t, std::string>> tried_; // the graph's hash and everything else that a trial depends on
  size_t trials_ = 0;
  size_t kept_ = 0;
};

// Whether the graph passes LibTorch's check and its operators exist. Unknown operators are accepted if `model` has some
// too.
bool is_sound(jit::Graph& graph, jit::Graph& model);

} // namespace tsir
