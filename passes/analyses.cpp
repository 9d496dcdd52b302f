// Reports that change nothing: who shares memory, what is alive when, what shapes values have.
#include "passes/analyses.h"

#include "lib/analysis/aliases.h"
#include "lib/analysis/liveness.h"
#include "lib/analysis/names.h"
#include "lib/analysis/shapes.h"
#include "lib/base/table.h"
#include "lib/base/units.h"
#include "passes/all.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::vector<const jit::Value*>;

constexpr size_t longest_list = 12; // names in one line of a report; the JSON has them all

// "  %a, %b" under a heading that says how many.
std::string section(const std::string& heading, const std::vector<std::string>& lines) {
  return lines.empty() ? "" : fmt::format("{}\n  {}\n", heading, fmt::join(lines, "\n  "));
}

// --- print-alias-sets -----------------------------------------------------------------------------------------------

std::string targets_text(const Values& values, bool wildcard, const std::string& wildcard_text) {
  std::vector<std::string> names = report_names(values);
  if (wildcard) {
    names.push_back(wildcard_text);
  }
  return listed(names, longest_list);
}

std::string aliases_text(const Aliases& aliases) {
  std::vector<std::string> sets;
  for (const Values& set : aliases.sets) {
    sets.push_back("{ " + listed(report_names(set), longest_list) + " }");
  }
  std::vector<std::string> containers;
  for (const Aliases::Container& container : aliases.containers) {
    containers.push_back(report_name(*container.value) + " holds " +
                         targets_text(container.contents, container.holds_wildcard, "(outside)"));
  }
  std::vector<std::string> writes;
  for (const Aliases::Write& write : aliases.writes) {
    writes.push_back(report_name(*write.node) + " writes to " +
                     targets_text(write.values, write.to_wildcard, "(outside)"));
  }
  std::vector<std::string> outputs;
  for (const Aliases::Output& output : aliases.outputs) {
    outputs.push_back(fmt::format("{}: {}", report_name(*output.value),
                                  output.may_be_input ? "may share memory with an input or the module"
                                                      : "shares no memory with inputs or the module"));
  }
  std::string text = section("Values that may share memory:", sets);
  if (!aliases.wildcard.empty()) {
    text += section("(outside): values that may share memory with the inputs, the module and one another:",
                    {listed(report_names(aliases.wildcard), longest_list)});
  }
  text += fmt::format("Values with memory of their own: {}\n", aliases.alone);
  text += section("Containers:", containers);
  text += writes.empty() ? "Nothing is written in place.\n" : section("Writes in place:", writes);
  return text + section("Outputs:", outputs);
}

Json aliases_json(const Aliases& aliases) {
  Json data{{"sets", Json::array()},   {"outside", report_names(aliases.wildcard)},
            {"alone", aliases.alone},  {"containers", Json::array()},
            {"writes", Json::array()}, {"outputs", Json::array()}};
  for (const Values& set : aliases.sets) {
    data["sets"].push_back(report_names(set));
  }
  for (const Aliases::Container& container : aliases.containers) {
    data["containers"].push_back({{"value", report_name(*container.value)},
                                  {"holds", report_names(container.contents)},
                                  {"holds_outside", container.holds_wildcard}});
  }
  for (const Aliases::Write& write : aliases.writes) {
    data["writes"].push_back({{"node", report_name(*write.node)},
                              {"values", report_names(write.values)},
                              {"to_outside", write.to_wildcard}});
  }
  for (const Aliases::Output& output : aliases.outputs) {
    data["outputs"].push_back({{"value", report_name(*output.value)}, {"may_be_input", output.may_be_input}});
  }
  return data;
}

PassRow print_alias_sets() {
  PassRow row = analysis_row("print-alias-sets", "torch::jit::AliasDb", "torch/csrc/jit/ir/alias_analysis.h");
  row.looks_for = "tensors, lists and objects";
  row.summary = "Says which values may share memory, and which operators write to which";
  row.description =
      "Asks LibTorch's alias analysis, which most passes rely on: the sets of values that may share memory (views, "
      "in-place results, what goes through branches), what lists, tuples and dicts may hold, which operators write to "
      "what, and which outputs may be inputs. LibTorch follows no memory that comes from outside: all inputs of a "
      "graph, attributes of modules and what is taken from unknown lists form one set, here (outside), in which any "
      "two values of one type may be the same. Calls are inlined in a copy first. Nothing is run.";
  row.example = R"(graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %y : Tensor = aten::add(%x, %x, %one)
  %dim : int = prim::Constant[value=0]()
  %row : Tensor = aten::select(%y, %dim, %dim)
  %list : Tensor[] = prim::ListConstruct(%y)
  %z : Tensor = aten::relu_(%row)
  %sum : Tensor = aten::mul(%z, %y)
  return (%sum, %list)
)";
  row.run = [](Unit& unit, const PassContext&) {
    const AnalysisInput subject = analysis_input_of(unit, nullptr);
    const Aliases aliases = aliases_of(subject.graph);
    PassResult result{subject_note(subject)};
    result.report = aliases_text(aliases);
    result.data = aliases_json(aliases);
    return result;
  };
  return row;
}

// --- print-liveness -------------------------------------------------------------------------------------------------

std::string liveness_text(const Liveness& liveness) {
  constexpr size_t most_parts = 10;
  std::string text = fmt::format("inputs {} and weights {} are there throughout\n", human_bytes(liveness.input_bytes),
                                 human_bytes(liveness.weight_bytes));
  if (liveness.peak != nullptr) {
    text += fmt::format("peak {} of tensors that the graph makes, at {}\n", human_bytes(liveness.peak_bytes),
                        report_name(*liveness.peak));
    Table parts({{""}, {"", Table::Align::right}, {""}});
    for (size_t i = 0; i < std::min(most_parts, liveness.peak_parts.size()); ++i) {
      const Liveness::Part& part = liveness.peak_parts[i];
      parts.add({report_name(*part.value), human_bytes(part.bytes), part.value->node()->kind().toQualString()});
    }
    text += parts.text("  ");
    if (liveness.peak_parts.size() > most_parts) {
      text += fmt::format("  and {} more\n", liveness.peak_parts.size() - most_parts);
    }
  }
  if (!liveness.unknown_size.empty()) {
    text +=
        fmt::format("not counted, of unknown size: {}\n", listed(report_names(liveness.unknown_size), longest_list));
  }
  Table nodes({{"NODE"}, {"DURING", Table::Align::right}, {"AFTER", Table::Align::right}, {"ALIVE AFTER IT"}});
  for (const Live& live : liveness.nodes) {
    nodes.add({report_name(*live.node), human_bytes(live.bytes_during), human_bytes(live.bytes_after),
               live.tensors.empty() ? "-" : listed(report_names(live.tensors), 6)});
  }
  return text + "\n" + nodes.text();
}

Json liveness_json(const Liveness& liveness) {
  Json data{{"input_bytes", liveness.input_bytes},
            {"weight_bytes", liveness.weight_bytes},
            {"peak_bytes", liveness.peak_bytes},
            {"peak_node", liveness.peak == nullptr ? Json(nullptr) : Json(report_name(*liveness.peak))},
            {"peak_parts", Json::array()},
            {"unknown_size", report_names(liveness.unknown_size)},
            {"nodes", Json::array()}};
  for (const Liveness::Part& part : liveness.peak_parts) {
    data["peak_parts"].push_back({{"value", report_name(*part.value)},
                                  {"bytes", part.bytes},
                                  {"operator", part.value->node()->kind().toQualString()}});
  }
  for (const Live& live : liveness.nodes) {
    data["nodes"].push_back({{"node", report_name(*live.node)},
                             {"bytes_during", live.bytes_during},
                             {"bytes_after", live.bytes_after},
                             {"alive_after", report_names(live.tensors)}});
  }
  return data;
}

PassRow print_liveness() {
  PassRow row = analysis_row("print-liveness", "torch::jit::BuildLivenessSets", "torch/csrc/jit/passes/liveness.h");
  row.runs_operators = true;
  row.looks_for = "tensors that nodes make";
  row.summary = "Says which tensors are alive after each node, and at which node memory peaks";
  row.description =
      "After each node: the tensors (and containers of tensors) that a later node still needs, their bytes, and the "
      "bytes during the node, when its inputs and outputs are both there. Then the peak, the node where it is reached, "
      "and the ten largest tensors at that moment. Sizes come from a run on the example inputs; without them sizes are "
      "those written in the graph's types. Views and in-place results share the memory of what they were made from, "
      "and memory held by a list lives as long as the list. Inputs and weights are there throughout and are told "
      "apart. Operators' scratch memory and the allocator's rounding are not seen. Calls are inlined in a copy first.";
  row.example = R"(graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::add(%a, %x, %one)
  %t : Tensor = aten::t(%b)
  %c : Tensor = aten::mul(%a, %b)
  %d : Tensor = aten::mm(%c, %t)
  return (%d)
)";
  row.example_inputs = {"float32[256,64]"};
  row.run = [](Unit& unit, const PassContext& context) {
    const AnalysisInput subject = analysis_input_of(unit, context.inputs);
    const Liveness liveness = liveness_of(subject);
    PassResult result{subject_note(subject)};
    result.report = liveness_text(liveness);
    result.data = liveness_json(liveness);
    return result;
  };
  return row;
}

// --- print-shapes ---------------------------------------------------------------------------------------------------

std::string maker_of(const jit::Value& value) {
  return value.node()->kind() == c10::prim::Param ? "input" : value.node()->kind().toQualString();
}

PassResult shapes_result(const AnalysisInput& subject) {
  Table table({{"VALUE"}, {"FROM"}, {"DTYPE"}, {"SHAPE"}, {"LAYOUT"}, {"DEVICE"}});
  Json values = Json::array();
  for (const TensorFacts& facts : tensors_of(subject)) {
    const bool unknown = !facts.problem.empty();
    table.add({report_name(*facts.value), maker_of(*facts.value), unknown ? facts.problem : facts.dtype,
               unknown ? "" : facts.shape, unknown ? "" : facts.layout, unknown ? "" : facts.device});
    Json value{{"value", report_name(*facts.value)}, {"from", maker_of(*facts.value)}};
    if (unknown) {
      value["unknown"] = facts.problem;
    } else {
      value.update(
          {{"dtype", facts.dtype}, {"shape", facts.shape}, {"layout", facts.layout}, {"device", facts.device}});
    }
    values.push_back(std::move(value));
  }
  PassResult result{subject_note(subject)};
  result.report = table.empty() ? "no tensors\n" : table.text();
  result.data = {{"tensors", std::move(values)}};
  return result;
}

PassRow print_shapes() {
  PassRow row =
      analysis_row("print-shapes", "torch::jit::ProfilingRecord", "torch/csrc/jit/runtime/profiling_record.h");
  row.runs_operators = true;
  row.looks_for = "tensors";
  row.summary = "Lists dtype, shape, memory layout and device of every tensor";
  row.description =
      "Runs the unit once on the example inputs and lists every tensor of the graph in order: dtype, sizes, whether "
      "its "
      "elements lie in order (contiguous), as channels last, or at which strides, and its device. A size that differed "
      "between iterations of a loop is a *. Tensors in branches that the inputs do not take are "
      "said to be unknown. Without example inputs it lists what the graph's own types say. Calls are "
      "inlined "
      "in a copy first.";
  row.example = R"(graph(%x : Tensor):
  %zero : int = prim::Constant[value=0]()
  %one : int = prim::Constant[value=1]()
  %y : Tensor = aten::transpose(%x, %zero, %one)
  %z : Tensor = aten::matmul(%x, %y)
  %small : Tensor = aten::gt(%z, %zero)
  return (%small)
)";
  row.example_inputs = {"float32[2,3]"};
  row.run = [](Unit& unit, const PassContext& context) { return shapes_result(analysis_input_of(unit, context.inputs)); };
  return row;
}

} // namespace

PassRow analysis_row(std::string name, std::string function, std::string header) {
  PassRow row;
  row.name = std::move(name);
  row.function = std::move(function);
  row.header = std::move(header);
  row.kind = PassKind::analysis;
  return row;
}

std::string subject_note(const AnalysisInput& subject) {
  return subject.called ? "calls are inlined in a copy, as dump shows it: the names are those of that copy" : "";
}

std::string counted(size_t count, std::string_view what) {
  return fmt::format("{} {}{}", human_count(count), what, count == 1 ? "" : "s");
}

void register_analyses(Registry& registry) {
  registry.add(print_alias_sets());
  registry.add(print_liveness());
  registry.add(print_shapes());
  register_analyses_of_cost(registry);
  register_analyses_of_gradients(registry);
  register_analyses_of_fusion(registry);
}

} // namespace tsir
