#include "lib/measure/measures.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/bench/operators/graph_times.h"
#include "lib/bench/report/report_cells.h"
#include "lib/ir/walk.h"
#include "lib/run/profile.h"

namespace tsir {
namespace {

constexpr std::array measure_names = {"time", "flops", "memory", "drift"};

} // namespace

std::string_view to_string(Measure measure) {
  return measure_names.at(static_cast<size_t>(measure));
}

Measure parse_measure(const std::string& name) {
  const auto found = std::ranges::find(measure_names, name);
  if (found == measure_names.end()) {
    throw Error(ErrorKind::usage, fmt::format("{} {}: it is one of {}", spelled(Setting::color_by), name,
                                              fmt::join(measure_names, ", ")));
  }
  return static_cast<Measure>(found - measure_names.begin());
}

std::optional<double> combined(const NodeMeasures& measures, const std::vector<size_t>& nodes) {
  std::optional<double> result;
  for (const size_t node : nodes) {
    const auto value = node < measures.of_node.size() ? measures.of_node[node] : std::nullopt;
    if (value) {
      result = !result ? *value : measures.what == Measure::drift ? std::max(*result, *value) : *result + *value;
    }
  }
  return result;
}

std::string measure_text(Measure what, double value) {
  switch (what) {
  case Measure::time:
    return time_text(value);
  case Measure::flops:
    return human_flops(value);
  case Measure::memory:
    return human_bytes(static_cast<uint64_t>(value));
  case Measure::drift:
    return value == 0 ? "identical" : std::isinf(value) ? "not comparable" : fmt::format("{:.1e}", value);
  }
  return "";
}

NodeMeasures cost_measures(const AnalysisInput& subject, const Cost& cost, Measure what) {
  std::unordered_map<const jit::Node*, size_t> places;
  walk(
      *subject.graph->block(), [&](const jit::Node& node) { places.emplace(&node, places.size()); },
      /*subgraphs=*/true);
  NodeMeasures measures{.what = what,
                        .of_node = std::vector<std::optional<double>>(places.size()),
                        .how = what == Measure::flops ? "operations of one call on these inputs"
                                                      : "bytes read and written by one call on these inputs"};
  for (const NodeCost& node : cost.nodes) {
    const bool known = what == Measure::flops ? node.uncounted.empty() : node.bytes_known;
    const auto place = places.find(node.node);
    if (known && place != places.end()) {
      measures.of_node[place->second] = what == Measure::flops ? node.flops : node.read + node.written;
    }
  }
  return measures;
}

NodeMeasures time_measures(const Unit& unit, const jit::Graph& graph, const std::vector<c10::IValue>& inputs, bool grad,
                           double seconds) {
  const GraphTimes times =
      times_of_nodes(graph, [&] { return copied_stack(unit, inputs, grad); }, {.grad = grad, .seconds = seconds});
  return {.what = Measure::time,
          .of_node = times.ns,
          .how = fmt::format("time of one call on these inputs, {} measured", plural(times.calls, "call"))};
}

} // namespace tsir
