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

bool Reducer::keep_if_interesting(Candidate candidate) {
  if (!is_sound(*candidate.graph, *best_.graph) ||
      !tried_.emplace(canonical_hash(*candidate.graph), circumstances(candidate)).second) {
    return false;
  }
  ++trials_;
  if (!hooks_.interesting(candidate) || hooks_.stop()) { // the result of a stopped trial is unknown
    return false;
  }
  best_ = std::move(candidate);
  ++kept_;
  if (hooks_.better) {
    hooks_.better(best_);
  }
  return true;
}

bool Reducer::try_range(const Reduction& reduction, size_t begin, size_t end) {
  for (const Reduction::Apply& apply : reduction.ways) {
    if (hooks_.stop()) {
      return false;
    }
    if (hooks_.progress) {
      hooks_.progress(reduction.name);
    }
    Candidate candidate = best_.copy();
    if (apply(candidate, begin, end) && keep_if_interesting(std::move(candidate))) {
      return true;
    }
  }
  return false;
}

// Goes from the last place to the first, so that uses of a value are removed before the value. A step that is kept does
// not change the places before it.
bool Reducer::sweep(const Reduction& reduction) {
  bool helped = false;
  size_t chunk = reduction.places(best_);
  while (chunk > 0 && !hooks_.stop()) {
    for (size_t end = reduction.places(best_); end > 0 && !hooks_.stop();) {
      const size_t begin = end > chunk ? end - chunk : 0;
      helped |= try_range(reduction, begin, end);
      end = std::min(begin, reduction.places(best_));
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
