// print-fusion-candidates: which fuser takes which node.
#include "lib/analysis/fusion.h"
#include "lib/analysis/names.h"
#include "lib/analysis/tags.h"
#include "lib/base/error.h"
#include "lib/base/table.h"
#include "lib/ir/walk.h"
#include "passes/analyses.h"
#include "passes/fuse.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

// The result of one fuser.
struct Attempt {
  Fuser fuser = Fuser::nnc;
  std::map<size_t, size_t> group_of; // by the node's index in the graph; groups are numbered from 1
  size_t groups = 0;
  std::string failure;
};

void run_fuser(Fuser fuser, Unit& unit, const PassContext& context) {
  switch (fuser) {
  case Fuser::nnc:
    fuse_tensor_exprs(unit, context, {});
    break;
  case Fuser::onednn:
    fuse_onednn_graph(unit, context);
    break;
  case Fuser::old:
    fuse_graph(unit, context, /*strict_fuser_check=*/false);
    break;
  }
}

// Runs the real pass on a copy whose nodes are tagged, then looks for the tags in the groups.
Attempt attempt(Fuser fuser, const AnalysisInput& subject, const Unit& unit, const PassContext& context) {
  Attempt result{.fuser = fuser, .group_of = {}, .groups = 0, .failure = {}};
  Unit copy = Unit::of_graph(tagged_copy(*subject.graph), unit.name());
  const std::vector<c10::IValue> stack = unit.stack(*context.inputs);
  try {
    run_fuser(fuser, copy, {.options = context.options, .inputs = &stack, .device = context.device});
  } catch (const std::exception& error) {
    result.failure = one_line(error);
    return result;
  }
  walk(*copy.graph()->block(), [&](const jit::Node& node) {
    if (!node.hasAttribute(c10::attr::Subgraph)) {
      return;
    }
    const std::set<size_t> tags = tags_in(*node.g(c10::attr::Subgraph));
    result.groups += tags.empty() ? 0 : 1;
    for (const size_t tag : tags) {
      result.group_of.emplace(tag, result.groups);
    }
  });
  return result;
}

struct Candidate {
  const jit::Node* node = nullptr;
  std::vector<std::string> reasons; // by fuser; empty if that fuser took the node
  std::vector<size_t> groups;       // 0 if it was not taken
};

std::vector<Candidate> candidates_of(const AnalysisInput& subject, const std::vector<Attempt>& attempts) {
  std::vector<Candidate> candidates;
  const std::vector<const jit::Node*> nodes = nodes_in_order(*subject.graph);
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (!is_candidate(*nodes[i])) {
      continue;
    }
    Candidate& candidate = candidates.emplace_back(Candidate{.node = nodes[i], .reasons = {}, .groups = {}});
    for (const Attempt& each : attempts) {
      const auto found = each.group_of.find(i);
      candidate.groups.push_back(found == each.group_of.end() ? 0 : found->second);
      candidate.reasons.push_back(candidate.groups.back() > 0 ? ""
                                  : !each.failure.empty()     ? "the pass failed"
                                                              : why_not(each.fuser, subject, *nodes[i]));
    }
  }
  return candidates;
}

std::string fusion_text(const std::vector<Attempt>& attempts, const std::vector<Candidate>& candidates) {
  std::string text;
  for (size_t i = 0; i < attempts.size(); ++i) {
    const auto taken =
        std::ranges::count_if(candidates, [&](const Candidate& candidate) { return candidate.groups[i] > 0; });
    text += attempts[i].failure.empty()
                ? fmt::format("{}: {} of {} in {}\n", to_string(attempts[i].fuser), taken,
                              counted(candidates.size(), "operator"), counted(attempts[i].groups, "group"))
                : fmt::format("{}: failed: {}\n", to_string(attempts[i].fuser), attempts[i].failure);
  }
  Table table({{"NODE"}, {"FUSE-TENSOR-EXPRS"}, {"FUSE-ONEDNN-GRAPH"}, {"FUSE-GRAPH"}});
  for (const Candidate& candidate : candidates) {
    std::vector<std::string> cells{report_name(*candidate.node)};
    for (size_t i = 0; i < attempts.size(); ++i) {
      cells.push_back(candidate.groups[i] > 0 ? fmt::format("yes: group {}", candidate.groups[i])
                                              : "no: " + candidate.reasons[i]);
    }
    table.add(std::move(cells));
  }
  return text + (table.empty() ? "" : "\n" + table.text());
}

Json fusion_json(const std::vector<Attempt>& attempts, const std::vector<Candidate>& candidates) {
  Json data{{"fusers", Json::array()}, {"nodes", Json::array()}};
  for (const Attempt& each : attempts) {
    Json fuser{{"pass", to_string(each.fuser)}, {"groups", each.groups}};
    if (!each.failure.empty()) {
      fuser["failure"] = each.failure;
    }
    data["fusers"].push_back(std::move(fuser));
  }
  for (const Candidate& candidate : candidates) {
    Json item{{"node", report_name(*candidate.node)}, {"operator", candidate.node->kind().toQualString()}};
    for (size_t i = 0; i < attempts.size(); ++i) {
      Json verdict{{"fused", candidate.groups[i] > 0}};
      verdict.update(candidate.groups[i] > 0 ? Json{{"group", candidate.groups[i]}}
                                             : Json{{"why_not", candidate.reasons[i]}});
      item[std::string(to_string(attempts[i].fuser))] = std::move(verdict);
    }
    data["nodes"].push_back(std::move(item));
  }
  return data;
}

PassResult fusion_result(Unit& unit, const PassContext& context) {
  const AnalysisInput subject = analysis_input(unit, context.inputs, context.grad);
  std::vector<Attempt> attempts;
  for (const Fuser fuser : {Fuser::nnc, Fuser::onednn, Fuser::old}) {
    attempts.push_back(attempt(fuser, subject, unit, context));
  }
  const std::vector<Candidate> candidates = candidates_of(subject, attempts);
  PassResult result{subject_note(subject)};
  result.report = fusion_text(attempts, candidates);
  result.data = fusion_json(attempts, candidates);
  return result;
}

PassRow print_fusion_candidates() {
  PassRow row = analysis_row("print-fusion-candidates", "torch::jit::tensorexpr::isSupported",
                             "torch/csrc/jit/passes/tensorexpr_fuser.h");
  row.needs = {Need::inputs};
  row.runs_operators = true;
  row.order = "where a fuser would run: after freeze-module";
  row.looks_for = "operators that return tensors";
  row.summary = "Reports for every operator which fusers take it, and why the others do not";
  row.description =
      "Runs fuse-tensor-exprs, fuse-onednn-graph and fuse-graph with their default options, each on its own copy of "
      "the graph, and reports which operators ended up in which group. For an operator that a fuser did not take, it "
      "names the first condition of the fuser that the operator does not meet (not in the fuser's list, a dtype, an "
      "unknown shape, a branch, an argument that is not a constant), or says that no neighbour joins it. Whether an "
      "operator is taken is certain, because the passes themselves are run. The reason is only the likely one, because "
      "the conditions are read from LibTorch's sources. An operator that a fuser replaces by another one before it "
      "forms groups counts as not taken. Calls are inlined in a copy first.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor, %bias : Tensor):
  %one : int = prim::Constant[value=1]()
  %none : NoneType = prim::Constant()
  %1 : Tensor = aten::linear(%x, %weight, %bias)
  %2 : Tensor = aten::relu(%1)
  %3 : Tensor = aten::sigmoid(%2)
  %4 : Tensor = aten::cumsum(%3, %one, %none)
  %5 : Tensor = aten::tanh(%4)
  return (%5)
)";
  row.example_inputs = {"float32[8,16]", "float32[4,16]", "float32[4]"};
  row.run = fusion_result;
  return row;
}

} // namespace

void register_analyses_of_fusion(Registry& registry) {
  registry.add(print_fusion_candidates());
}

} // namespace tsir
