// What a call needs, node by node: time, operations, memory traffic; and how far results deviate after passes.
#pragma once

#include "lib/analysis/cost.h"

namespace tsir {

enum class Measure {
  time,   // nanoseconds of one call
  flops,  // operations
  memory, // bytes read and written
  drift,  // the largest difference of a result from that before the passes, divided by its largest element before
};
std::string_view to_string(Measure measure);    // "time"
Measure parse_measure(const std::string& name); // throws Error(usage)

struct NodeMeasures {
  Measure what = Measure::time;
  // By the place of the node in walk() with subgraphs; empty where it is not known.
  std::vector<std::optional<double>> of_node;
  std::string how; // "of one call on these inputs, 20 calls measured"
};

// Of some nodes together: their sum, for drift the largest. Empty if none of them is known.
std::optional<double> combined(const NodeMeasures& measures, const std::vector<size_t>& nodes);
// "1.2 ms", "2.1 G", "12 MiB", "1.2e-07".
std::string measure_text(Measure what, double value);

// `subject`: what `cost` is of. Operations or memory.
NodeMeasures cost_measures(const AnalysisInput& subject, const Cost& cost, Measure what);

// The times of a graph that runs as it stands, for at most about `seconds`. `graph`: the unit's, inlined. Throws
// Error(check) if it throws.
NodeMeasures time_measures(const Unit& unit, const jit::Graph& graph, const std::vector<c10::IValue>& inputs, bool grad,
                           double seconds);

// What a deviation is found with.
struct DriftSettings {
  const std::vector<c10::IValue>& inputs; // without self
  bool grad = false;
  uint64_t seed = 0; // of the random generators, before both runs
};
// Runs both graphs once, and compares each result with that of the node's partner (lib/diff/graph_match.h), and with what
// the partners of its users took before, whichever is nearer. `graph`: that of `after`, inlined; the measures are of its nodes. Throws Error(check) if one of them throws.
NodeMeasures drift_measures(const Unit& before, const Unit& after, const jit::Graph& graph,
                            const DriftSettings& settings);
// The largest difference divided by the largest element of the reference: 0 if they are the same, infinite if the
// reference is 0 elsewhere or one of them is NaN; empty if their shapes differ. For tests.
std::optional<double> drift_of(const at::Tensor& reference, const at::Tensor& value);

} // namespace tsir
