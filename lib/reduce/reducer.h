// Makes a graph smaller while it still shows a failure. Delta debugging: tries all reductions, from large ranges of
// places to single ones, until none of them succeeds.
#pragma once

#include "lib/reduce/reduction.h"

#include <set>

namespace tsir {

struct ReducerHooks {
  // Whether the candidate still shows the failure. Every candidate is a valid graph.
  std::function<bool(const Candidate&)> interesting;
  // The index of the first of several candidates that still shows it, `at_once` of which may be tried at the same time.
  // Empty: `interesting` is called for one after the other.
  std::function<std::optional<size_t>(const std::vector<Candidate>&)> first_interesting = {};
  size_t at_once = 1;
  // Runs the candidate and stores the contents of its values in `seen`. May do nothing.
  std::function<void(Candidate&)> observe;
  std::function<bool()> stop;                                  // called before every trial
  std::function<void(const Candidate& best)> better = {};      // after every step that was kept
  std::function<void(const std::string& doing)> progress = {}; // before every trial
};

enum class ReduceEnd { smallest, stopped }; // no reduction succeeds any more; or `stop` returned true

// Which candidates are tried and kept does not depend on how many are tried at once.
class Reducer {
public:
  Reducer(Candidate start, ReducerHooks hooks) : best_(std::move(start)), hooks_(std::move(hooks)) {}
  // Applies the reductions in their order, repeatedly.
  ReduceEnd run(const std::vector<Reduction>& reductions);
  const Candidate& best() const { return best_; }
  size_t trials() const { return trials_; }
  size_t kept() const { return kept_; }

private:
  using Key = std::pair<uint64_t, std::string>; // the graph's hash and everything else that a trial depends on
  // The next step: the end of its range of places, and which of the reduction's ways.
  struct Position {
    size_t end;
    size_t way;
  };
  // Candidates that are made from the same graph, one step after another.
  struct Batch {
    std::vector<Candidate> candidates;
    std::vector<Key> keys;
    std::vector<size_t> begins; // of their ranges
  };
  bool sweep(const Reduction& reduction);
  Batch next_batch(const Reduction& reduction, size_t chunk, Position& position);
  void add_if_new(Batch& batch, Candidate candidate, size_t begin);
  std::optional<size_t> try_batch(Batch& batch);
  std::optional<size_t> first_interesting(const std::vector<Candidate>& candidates);

  Candidate best_;
  ReducerHooks hooks_;
  std::set<Key> tried_;
  size_t trials_ = 0;
  size_t kept_ = 0;
};

// Whether the graph passes LibTorch's check and its operators exist. Unknown operators are accepted if `model` has some
// too.
bool is_sound(jit::Graph& graph, jit::Graph& model);

} // namespace tsir
