#include "lib/report/state.h"

#include "lib/base/error.h"
#include "lib/base/units.h"
#include "lib/ir/text/print.h"
#include "lib/ir/walk.h"
#include "lib/measure/measures.h"
#include "lib/render/dot/style.h"
#include "lib/render/dot/text.h"

#include <torch/csrc/jit/passes/canonicalize.h>

namespace tsir {
namespace {

std::map<std::string, std::string> types_of(const jit::Graph& graph) {
  std::map<std::string, std::string> types;
  const auto add = [&](const auto& values) {
    for (const jit::Value* value : values) {
      const auto tensor = value->type()->template cast<c10::TensorType>();
      if (tensor && tensor->scalarType()) {
        types.emplace("%" + value->debugName(), type_text(*value->type()));
      }
    }
  };
  add(graph.inputs());
  walk(*graph.block(), [&](const jit::Node& node) { add(node.outputs()); });
  return types;
}

// What the nodes of a graph need in one call.
class StateCosts {
public:
  StateCosts(const Unit& unit, const StateSettings& settings)
      : run_(analysis_input_of(unit, settings.inputs, settings.grad)) {
    const Cost cost = cost_of(run_);
    flops_ = cost_measures(run_, cost, Measure::flops);
    memory_ = cost_measures(run_, cost, Measure::memory);
    size_t place = 0;
    std::unordered_map<const jit::Node*, const NodeCost*> known;
    for (const NodeCost& node : cost.nodes) {
      known.emplace(node.node, &node);
    }
    walk(
        *run_.graph->block(),
        [&](const jit::Node& node) {
          if (const auto found = known.find(&node); found != known.end()) {
            of_node_.emplace(place, *found->second);
          }
          ++place;
        },
        /*subgraphs=*/true);
    if (settings.time_seconds > 0) {
      time_ = time_measures(unit, *run_.graph, *settings.inputs, settings.grad, settings.time_seconds);
    }
    for (const auto& ns : time_.of_node) {
      all_ns_ += ns.value_or(0);
    }
  }

  const GraphPtr& graph() const { return run_.graph; }

  ReportNumbers numbers(const std::vector<size_t>& nodes) const {
    return {combined(time_, nodes).value_or(-1), combined(flops_, nodes).value_or(-1),
            combined(memory_, nodes).value_or(-1)};
  }

  std::vector<NamedText> texts(const std::vector<size_t>& nodes) const {
    std::vector<NamedText> texts;
    const ReportNumbers all = numbers(nodes);
    if (all.time >= 0) {
      const double share = all_ns_ > 0 ? 100 * all.time / all_ns_ : 0;
      texts.emplace_back("time",
                         fmt::format("{} ({:.1f} % of all operators)", measure_text(Measure::time, all.time), share));
    }
    if (all.flops >= 0) {
      texts.emplace_back("computes", human_flops(all.flops) + " operations");
    }
    const auto one = nodes.size() == 1 ? of_node_.find(nodes[0]) : of_node_.end();
    if (one != of_node_.end() && one->second.bytes_known) {
      texts.emplace_back("reads", human_bytes(static_cast<uint64_t>(one->second.read)));
      texts.emplace_back("writes", human_bytes(static_cast<uint64_t>(one->second.written)));
    } else if (all.memory >= 0) {
      texts.emplace_back("reads and writes", measure_text(Measure::memory, all.memory));
    }
    if (one != of_node_.end() && one->second.runs != 1) {
      texts.emplace_back("ran", fmt::format("{} times", one->second.runs));
    }
    return texts;
  }

private:
  AnalysisInput run_;
  NodeMeasures flops_;
  NodeMeasures memory_;
  NodeMeasures time_;
  std::map<size_t, NodeCost> of_node_; // by place
  double all_ns_ = 0;
};

bool is_one_operator(const Box& box) {
  switch (box.kind) {
  case BoxKind::input:
  case BoxKind::output:
  case BoxKind::parameter:
  case BoxKind::constant:
  case BoxKind::submodule:
  case BoxKind::group:
  case BoxKind::more:
  case BoxKind::call:
    return false;
  default:
    return box.operators <= 1;
  }
}

ReportBox shown(const Box& box) {
  ReportBox result;
  result.title = box.title;
  result.op = is_one_operator(box) ? fmt::format("{}::{}", box.family.empty() ? "aten" : box.family, box.title) : "";
  result.text = box.tooltip;
  result.kind = style_of(box.kind).meaning;
  result.module = path_text(box.module);
  result.frame = box.cluster;
  constexpr size_t most_values = 40;
  result.values = box.values;
  for (const std::string& name : box.folded) {
    if (result.values.size() < most_values) {
      result.values.push_back(name);
    }
  }
  return result;
}

} // namespace

UnitState state_of(const Unit& unit, const StateSettings& settings) {
  UnitState state;
  state.text = to_text(*unit.graph(), {.locations = false, .keep_numbers = true});
  state.graph = jit::Canonicalize(inlined(*unit.graph()), /*keep_unique_names=*/true);
  std::map<std::string, std::string> types;
  std::optional<StateCosts> costs; // owns the graph that was run
  if (settings.inputs != nullptr) {
    try {
      costs.emplace(unit, settings);
      state.graph = costs->graph();
      types = types_of(*state.graph);
    } catch (const Error& error) {
      state.problem = error.what();
    }
  }
  if (!settings.draw) {
    return state;
  }
  DrawSettings draw;
  draw.build.module = unit.has_module() ? &unit.module() : nullptr;
  state.drawing = draw_readable(costs ? *state.graph : *unit.graph(), draw, settings.most_boxes);
  for (const Box& box : state.drawing.drawing.boxes) {
    ReportBox& added = state.boxes.emplace_back(shown(box));
    for (const std::string& name : box.values) {
      if (const auto type = types.find(name); type != types.end()) {
        added.types.push_back(name + ": " + type->second);
      }
    }
    if (costs) {
      added.cost = costs->texts(box.nodes);
      added.numbers = costs->numbers(box.nodes);
    }
  }
  for (const Cluster& cluster : state.drawing.drawing.clusters) {
    ReportFrame& added = state.frames.emplace_back();
    added.title = cluster.title;
    added.text = cluster.tooltip;
    added.parent = cluster.parent;
    if (costs) {
      added.cost = costs->texts(cluster.nodes);
      added.numbers = costs->numbers(cluster.nodes);
    }
  }
  return state;
}

} // namespace tsir
