// print-cost: the operations that a graph computes and the bytes that it moves.
#include "lib/analysis/cost.h"
#include "lib/analysis/names.h"
#include "lib/base/table.h"
#include "lib/base/units.h"
#include "passes/analyses.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

std::string bytes_text(double bytes) {
  return human_bytes(static_cast<uint64_t>(bytes));
}

std::string totals_text(const Cost& cost) {
  std::string text = fmt::format("{}FLOP ({}FLOP in products), {} read, {} written: {:.3g} FLOP per byte\n",
                                 human_flops(cost.flops) + (cost.flops < 999.5 ? " " : ""),
                                 human_flops(cost.product_flops) + (cost.product_flops < 999.5 ? " " : ""),
                                 bytes_text(cost.read), bytes_text(cost.written), cost.intensity());
  std::vector<std::string> uncounted;
  for (const OperatorCost& each : cost.operators) {
    if (each.uncounted > 0) {
      uncounted.push_back(each.uncounted == 1 ? each.name : fmt::format("{} x {}", each.uncounted, each.name));
    }
  }
  if (!uncounted.empty()) {
    text += fmt::format("operations not counted: {}\n", fmt::join(uncounted, ", "));
  }
  if (cost.unknown_bytes > 0) {
    text +=
        fmt::format("bytes not fully counted: {} with tensors of unknown size\n", counted(cost.unknown_bytes, "node"));
  }
  if (cost.not_reached > 0) {
    text += fmt::format("left out: {} in branches that were not taken\n", counted(cost.not_reached, "node"));
  }
  return text;
}

std::string operators_text(const Cost& cost) {
  using enum Table::Align;
  Table table({{"OPERATOR"}, {"NODES", right}, {"FLOP", right}, {"SHARE", right}, {"READ", right}, {"WRITTEN", right}});
  for (const OperatorCost& each : cost.operators) {
    const bool unknown = each.uncounted == each.nodes;
    table.add({each.name, human_count(each.nodes), unknown ? "not counted" : human_flops(each.flops),
               unknown || cost.flops == 0 ? "" : fmt::format("{:.1f} %", 100 * each.flops / cost.flops),
               bytes_text(each.read), bytes_text(each.written)});
  }
  return table.text();
}

std::string nodes_text(const Cost& cost, int64_t limit) {
  using enum Table::Align;
  std::vector<const NodeCost*> sorted;
  for (const NodeCost& node : cost.nodes) {
    sorted.push_back(&node);
  }
  const bool all = limit <= 0 || static_cast<size_t>(limit) >= sorted.size();
  if (!all) {
    std::ranges::stable_sort(sorted, [](const NodeCost* left, const NodeCost* right) {
      return std::pair(left->flops, left->read + left->written) > std::pair(right->flops, right->read + right->written);
    });
    sorted.resize(static_cast<size_t>(limit));
  }
  Table table({{"NODE"}, {"RUNS", right}, {"FLOP", right}, {"READ", right}, {"WRITTEN", right}, {"FLOP/B", right}});
  for (const NodeCost* node : sorted) {
    const double bytes = node->read + node->written;
    table.add({report_name(*node->node), human_count(node->runs),
               node->uncounted.empty() ? human_flops(node->flops) : node->uncounted, bytes_text(node->read),
               bytes_text(node->written),
               bytes > 0 && node->uncounted.empty() ? fmt::format("{:.2g}", node->flops / bytes) : ""});
  }
  const std::string title = all ? "Nodes:\n" : fmt::format("The {} nodes with the most operations:\n", limit);
  return title + table.text();
}

std::string formulas_text() {
  Table table({{"CLASS"}, {"FORMULA"}, {"SOURCE"}, {"OPERATORS"}});
  for (const FlopRow& row : flop_table()) {
    table.add({std::string(to_string(row.kind)), std::string(row.formula), std::string(row.source),
               fmt::format("{}", fmt::join(row.operators, ", "))});
  }
  return "Formulas (in-place forms count the same):\n" + table.text();
}

Json cost_json(const Cost& cost) {
  Json data{{"flops", cost.flops},
            {"product_flops", cost.product_flops},
            {"bytes_read", cost.read},
            {"bytes_written", cost.written},
            {"flops_per_byte", cost.intensity()},
            {"nodes_not_reached", cost.not_reached},
            {"nodes_of_unknown_bytes", cost.unknown_bytes},
            {"operators", Json::array()},
            {"nodes", Json::array()}};
  for (const OperatorCost& each : cost.operators) {
    data["operators"].push_back({{"operator", each.name},
                                 {"nodes", each.nodes},
                                 {"flops", each.flops},
                                 {"bytes_read", each.read},
                                 {"bytes_written", each.written},
                                 {"nodes_not_counted", each.uncounted}});
  }
  for (const NodeCost& node : cost.nodes) {
    Json item{{"node", report_name(*node.node)},
              {"operator", node.node->kind().toQualString()},
              {"runs", node.runs},
              {"class", to_string(node.kind)}};
    item["flops"] = node.uncounted.empty() ? Json(node.flops) : Json(nullptr);
    if (!node.uncounted.empty()) {
      item["not_counted"] = node.uncounted;
    }
    item["bytes_read"] = node.read;
    item["bytes_written"] = node.written;
    item["bytes_known"] = node.bytes_known;
    data["nodes"].push_back(std::move(item));
  }
  return data;
}

PassRow print_cost() {
  PassRow row = analysis_row("print-cost", "torch::jit::ProfilingRecord", "torch/csrc/jit/runtime/profiling_record.h");
  row.needs = {Need::inputs};
  row.runs_operators = true;
  row.options = {
      {"nodes", int64_t{20}, "number of nodes to list, those with the most operations first; 0: all, in order", {}},
      {"formulas", false, "also list the formulas", {}}};
  row.looks_for = "operators on tensors";
  row.summary = "Counts floating point operations and bytes moved, by node and by operator";
  row.description =
      "Runs the unit on the example inputs to learn the shapes and how often each branch and loop body runs. Then it "
      "counts the operations of each operator by a formula (formulas=true lists the formulas; a multiplication and an "
      "addition count as two) and the bytes of the tensors that the operator reads and writes. Views move no bytes, "
      "and of an embedding table only the rows that are looked up count as read. \"Products\" are matrix products, "
      "convolutions, attention and recurrent layers; they are counted as torch.utils.flop_counter counts them. "
      "Operators without a formula are listed as not counted, never as zero. FLOP per byte is what an ideal machine "
      "without a cache would need. Calls are inlined in a copy first.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor, %bias : Tensor):
  %1 : Tensor = aten::linear(%x, %weight, %bias)
  %2 : Tensor = aten::relu(%1)
  %3 : Tensor = aten::t(%2)
  %4 : Tensor = aten::det(%3)
  return (%3, %4)
)";
  row.example_inputs = {"float32[16,64]", "float32[16,64]", "float32[16]"};
  row.run = [](Unit& unit, const PassContext& context) {
    const AnalysisInput subject = analysis_input(unit, context.inputs, context.grad);
    const Cost cost = cost_of(subject);
    PassResult result{subject_note(subject)};
    result.report =
        totals_text(cost) + "\n" + operators_text(cost) + "\n" + nodes_text(cost, context.options.integer("nodes"));
    if (context.options.flag("formulas")) {
      result.report += "\n" + formulas_text();
    }
    result.data = cost_json(cost);
    return result;
  };
  return row;
}

} // namespace

void register_analyses_of_cost(Registry& registry) {
  registry.add(print_cost());
}

} // namespace tsir
