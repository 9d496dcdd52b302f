#include "lib/reduce/reducer.h"

#include "lib/ir/hash.h"
#include "lib/ir/lint.h"

namespace tsir {
namespace {

bool has_unknown_operator(jit::Graph& graph) {
  return std::ranges::any_of(
      nodes_of(graph), [](const jit::Node* node) { return !node->kind().is_prim() && node->maybeSchema() == nullptr; });
}

// Everything that a trial depends on besides the graph.
std::string circumstances(const Candidate& candidate) {
  return fmt::format("{} {} {} {}", candidate.sets, candidate.calls, candidate.pipeline.text(),
                     candidate.inputs ? fmt::format("{}", fmt::join(*candidate.inputs, "\n")) : "none");
}

} // namespace

bool is_sound(jit::Graph& graph, jit::Graph& model) {
  try {
    lint(graph);
    return !has_unknown_operator(graph) || has_unknown_operator(model);
  } catch (const std::exception&) {
    return false;
  }
}

void Reducer::add_if_new(Batch& batch, Candidate candidate, size_t begin) {
  if (!is_sound(*candidate.graph, *best_.graph)) {
    return;
  }
  Key key(canonical_hash(*candidate.graph), circumstances(candidate));
  if (!tried_.contains(key) && std::ranges::find(batch.keys, key) == batch.keys.end()) {
    batch.candidates.push_back(std::move(candidate));
    batch.keys.push_back(std::move(key));
    batch.begins.push_back(begin);
  }
}

// The steps go from the last place to the first, so that uses of a value are removed before the value. A step that is
// kept does not change the places before it.
Reducer::Batch Reducer::next_batch(const Reduction& reduction, size_t chunk, Position& position) {
  Batch batch;
  while (position.end > 0 && batch.candidates.size() < hooks_.at_once && !hooks_.stop()) {
    if (hooks_.progress) {
      hooks_.progress(reduction.name);
    }
    const size_t begin = position.end > chunk ? position.end - chunk : 0;
    Candidate candidate = best_.copy();
    if (reduction.ways[position.way](candidate, begin, position.end)) {
      add_if_new(batch, std::move(candidate), begin);
    }
    if (++position.way == reduction.ways.size()) {
      position = {begin, 0};
    }
  }
  return batch;
}

std::optional<size_t> Reducer::first_interesting(const std::vector<Candidate>& candidates) {
  if (hooks_.first_interesting) {
    return hooks_.first_interesting(candidates);
  }
  const auto found = std::ranges::find_if(candidates, hooks_.interesting);
  return found == candidates.end() ? std::nullopt : std::optional<size_t>(found - candidates.begin());
}

// Keeps the first candidate that is of interest, and returns its index. Those after it were not needed.
std::optional<size_t> Reducer::try_batch(Batch& batch) {
  const std::optional<size_t> found = first_interesting(batch.candidates);
  const size_t needed = found ? *found + 1 : batch.candidates.size();
  trials_ += needed;
  tried_.insert(batch.keys.begin(), batch.keys.begin() + static_cast<std::ptrdiff_t>(needed));
  if (!found || hooks_.stop()) { // the result of a stopped trial is unknown
    return std::nullopt;
  }
  best_ = std::move(batch.candidates[*found]);
  ++kept_;
  if (hooks_.better) {
    hooks_.better(best_);
  }
  return found;
}

bool Reducer::sweep(const Reduction& reduction) {
  bool helped = false;
  size_t chunk = reduction.places(best_);
  while (chunk > 0 && !hooks_.stop()) {
    Position position{reduction.places(best_), 0};
    while (position.end > 0 && !hooks_.stop()) {
      Batch batch = next_batch(reduction, chunk, position);
      if (batch.candidates.empty()) {
        continue;
      }
      if (const auto kept = try_batch(batch)) {
        helped = true;
        position = {std::min(batch.begins[*kept], reduction.places(best_)), 0};
      }
    }
    chunk = chunk == 1 ? 0 : (chunk + 1) / 2;
  }
  return helped;
}

ReduceEnd Reducer::run(const std::vector<Reduction>& reductions) {
  for (bool helped = true; helped && !hooks_.stop();) {
    helped = false;
    hooks_.observe(best_);
    for (const Reduction& reduction : reductions) {
      helped |= sweep(reduction);
    }
  }
  return hooks_.stop() ? ReduceEnd::stopped : ReduceEnd::smallest;
}

} // namespace tsir
