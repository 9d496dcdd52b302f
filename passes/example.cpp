#include "passes/example.h"

#include "lib/ir/print.h"
#include "lib/model/inputs.h"
#include "lib/model/text_ir.h"

#include <torch/csrc/jit/passes/constant_propagation.h>

namespace tsir {
namespace {

Unit module_of(const std::string& methods) {
  jit::Module module("Example");
  module.register_parameter("weight", at::tensor({1.0F, 2.0F, 3.0F}), /*is_buffer=*/false);
  module.register_attribute("training", c10::BoolType::get(), false);
  module.define(methods);
  return Unit::of_module(std::move(module), "forward");
}

} // namespace

Unit example_unit(const PassRow& row) {
  if (row.example.starts_with("def ")) {
    return module_of(row.example);
  }
  GraphPtr graph = parse_ir(row.example, row.name + ".ir");
  if (std::ranges::find(row.needs, Need::frozen) != row.needs.end()) {
    jit::ConstantPropagation(graph);
  }
  return Unit::of_graph(std::move(graph), row.name);
}

std::vector<c10::IValue> example_inputs(const PassRow& row, const Unit& unit) {
  if (row.example_inputs.empty()) {
    return {};
  }
  return make_inputs({.inputs = row.example_inputs, .file = {}}, unit.schema(), nullptr);
}

ExampleRun run_example(const PassRow& row) {
  Unit unit = example_unit(row);
  const PassOptions options(row.options);
  const std::vector<c10::IValue> inputs = example_inputs(row, unit);
  const std::string before = to_text(*unit.graph());
  const std::string note = row.run(unit, {.options = options, .inputs = inputs.empty() ? nullptr : &inputs});
  return {before, to_text(*unit.graph()), note};
}

} // namespace tsir
