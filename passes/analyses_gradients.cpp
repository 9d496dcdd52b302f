// print-differentiability: which operators have gradients, and where gradients stop.
#include "lib/analysis/gradients.h"
#include "lib/analysis/names.h"
#include "lib/base/table.h"
#include "passes/analyses.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

constexpr GradientKind kinds[] = {GradientKind::symbolic, GradientKind::autograd, GradientKind::cut,
                                  GradientKind::none};

std::string_view meaning(GradientKind kind) {
  switch (kind) {
  case GradientKind::symbolic:
    return "by a formula that TorchScript can put into a graph";
  case GradientKind::autograd:
    return "by autograd's own backward only";
  case GradientKind::cut:
    return "gradients stop here";
  case GradientKind::none:
    return "autograd does not know the operator";
  }
  return "";
}

size_t count(const Gradients& gradients, GradientKind kind) {
  return static_cast<size_t>(std::ranges::count(gradients.nodes, kind, &GradientFact::kind));
}

// Counts equal operators: "3 x aten::relu" in the report.
std::map<std::string, size_t> operators_of(const std::vector<const jit::Node*>& nodes) {
  std::map<std::string, size_t> counts;
  for (const jit::Node* node : nodes) {
    ++counts[node->kind().toQualString()];
  }
  return counts;
}

std::string counts_text(const std::map<std::string, size_t>& counts) {
  std::vector<std::string> texts;
  for (const auto& [name, number] : counts) {
    texts.push_back(number == 1 ? name : fmt::format("{} x {}", number, name));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string groups_text(const Gradients& gradients) {
  constexpr size_t most = 10;
  if (!gradients.no_groups.empty()) {
    return fmt::format("groups are not known: {}\n", gradients.no_groups);
  }
  if (gradients.groups.empty()) {
    return "no two neighbours form a differentiable group\n";
  }
  std::string text = counted(gradients.groups.size(), "differentiable group") + ", as differentiate would join them:\n";
  for (size_t i = 0; i < std::min(most, gradients.groups.size()); ++i) {
    const auto& group = gradients.groups[i];
    text +=
        fmt::format("  {} from {} to {}: {}\n", counted(group.size(), "node"), report_name(*group.front()->output(0)),
                    report_name(*group.back()->output(0)), counts_text(operators_of(group)));
  }
  return text + (gradients.groups.size() > most ? fmt::format("  and {} more\n", gradients.groups.size() - most) : "");
}

std::string gradients_text(const Gradients& gradients) {
  std::string text;
  for (const GradientKind kind : kinds) {
    std::map<std::string, size_t> counts;
    for (const GradientFact& fact : gradients.nodes) {
      if (fact.kind == kind) {
        ++counts[fact.node->kind().toQualString()];
      }
    }
    if (!counts.empty()) {
      text += fmt::format("{}: {} of {} ({}): {}\n", to_string(kind), count(gradients, kind), gradients.nodes.size(),
                          meaning(kind), counts_text(counts));
    }
  }
  text += gradients.whole ? "the whole graph can be differentiated symbolically\n" : "";
  Table table({{"NODE"}, {"GRADIENT"}, {""}});
  for (const GradientFact& fact : gradients.nodes) {
    table.add({report_name(*fact.node), std::string(to_string(fact.kind)), fact.why});
  }
  return text + groups_text(gradients) + (table.empty() ? "" : "\n" + table.text());
}

Json gradients_json(const Gradients& gradients) {
  Json data{{"whole_graph", gradients.whole},
            {"counts", Json::object()},
            {"groups", Json::array()},
            {"nodes", Json::array()}};
  for (const GradientKind kind : kinds) {
    data["counts"][std::string(to_string(kind))] = count(gradients, kind);
  }
  for (const auto& group : gradients.groups) {
    Json names = Json::array();
    for (const jit::Node* node : group) {
      names.push_back(report_name(*node));
    }
    data["groups"].push_back(std::move(names));
  }
  if (!gradients.no_groups.empty()) {
    data["groups_unknown"] = gradients.no_groups;
  }
  for (const GradientFact& fact : gradients.nodes) {
    Json item{{"node", report_name(*fact.node)},
              {"operator", fact.node->kind().toQualString()},
              {"gradient", to_string(fact.kind)}};
    if (!fact.why.empty()) {
      item["why"] = fact.why;
    }
    data["nodes"].push_back(std::move(item));
  }
  return data;
}

PassRow print_differentiability() {
  PassRow row =
      analysis_row("print-differentiability", "torch::jit::isDifferentiable", "torch/csrc/jit/runtime/autodiff.h");
  row.runs_operators = true;
  row.looks_for = "operators that return tensors";
  row.summary = "Reports which operators TorchScript can differentiate symbolically, and where gradients stop";
  row.description =
      "Classifies each operator that returns a tensor. symbolic: LibTorch has a gradient formula for it in "
      "TorchScript, so its executor and the differentiate pass can put it into a gradient graph. autograd: only "
      "autograd's own backward exists. cut: gradients stop, because the operator detaches, is under no_grad, or "
      "returns integers or booleans. none: autograd does not know the operator. Then it lists the groups of "
      "neighbouring operators that LibTorch would differentiate together, which LibTorch's own pass finds on a copy; "
      "that pass leaves views out of the groups. If example inputs are given, they show which results are integers; "
      "otherwise a list of operators does. An operator that autograd knows may still fail when it runs. Calls are "
      "inlined in a copy first.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor):
  %one : int = prim::Constant[value=1]()
  %none : NoneType = prim::Constant()
  %false : bool = prim::Constant[value=0]()
  %1 : Tensor = aten::matmul(%x, %weight)
  %2 : Tensor = aten::relu(%1)
  %3 : Tensor = aten::cumsum(%2, %one, %none)
  %4 : Tensor = aten::argmax(%3, %one, %false)
  %5 : Tensor = aten::detach(%3)
  %6 : Tensor = aten::sigmoid(%5)
  %7 : Tensor = aten::mul(%6, %2)
  return (%7, %4)
)";
  row.example_inputs = {"float32[4,8]", "float32[8,8]"};
  row.run = [](Unit& unit, const PassContext& context) {
    const AnalysisInput subject = analysis_input(unit, context.inputs, context.grad);
    const Gradients gradients = gradients_of(subject);
    PassResult result{subject_note(subject)};
    result.report = gradients_text(gradients);
    result.data = gradients_json(gradients);
    return result;
  };
  return row;
}

} // namespace

void register_analyses_of_gradients(Registry& registry) {
  registry.add(print_differentiability());
}

} // namespace tsir
