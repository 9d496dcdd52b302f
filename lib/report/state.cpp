#include "lib/report/state.h"

#include "lib/base/error.h"
#include "lib/base/units.h"
#include "lib/ir/text/print.h"
#include "lib/ir/walk.h"
#include "lib/render/dot/style.h"
#include "lib/render/dot/text.h"

#include <torch/csrc/jit/passes/canonicalize.h>

namespace tsir {
namespace {

// What is known of the operators of a graph, by the names of their first results.
std::map<std::string, NodeCost> costs_of(const AnalysisInput& input) {
  std::map<std::string, NodeCost> costs;
  for (const NodeCost& cost : cost_of(input).nodes) {
    if (!cost.node->outputs().empty()) {
      costs.emplace("%" + cost.node->output(0)->debugName(), cost);
    }
  }
  return costs;
}

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

std::vector<NamedText> cost_texts(const NodeCost& cost) {
  std::vector<NamedText> texts;
  if (cost.uncounted.empty()) {
    texts.emplace_back("computes", human_flops(cost.flops) + " operations");
  }
  if (cost.bytes_known) {
    texts.emplace_back("reads", human_bytes(static_cast<uint64_t>(cost.read)));
    texts.emplace_back("writes", human_bytes(static_cast<uint64_t>(cost.written)));
  }
  if (cost.runs != 1) {
    texts.emplace_back("ran", fmt::format("{} times", cost.runs));
  }
  return texts;
}

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
  std::map<std::string, NodeCost> costs;
  std::map<std::string, std::string> types;
  std::optional<AnalysisInput> run; // owns the nodes of `costs`
  if (settings.inputs != nullptr) {
    try {
      run = analysis_input_of(unit, settings.inputs, settings.grad);
      state.graph = run->graph;
      costs = costs_of(*run);
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
  state.drawing = draw_readable(run ? *state.graph : *unit.graph(), draw, settings.most_boxes);
  for (const Box& box : state.drawing.drawing.boxes) {
    ReportBox& added = state.boxes.emplace_back(shown(box));
    for (const std::string& name : box.values) {
      if (const auto type = types.find(name); type != types.end()) {
        added.types.push_back(name + ": " + type->second);
      }
    }
    if (const auto cost = costs.find(box.values.empty() ? "" : box.values.front()); cost != costs.end()) {
      added.cost = cost_texts(cost->second);
    }
  }
  return state;
}

} // namespace tsir
