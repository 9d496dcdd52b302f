// An example of a custom pass: replaces every aten::relu by aten::relu6.
#include "lib/pass/plugin.h"

static void add_passes(tsir::Registry& registry) {
  tsir::PassRow row;
  row.name = "relu-to-relu6";
  row.function = "example::relu_to_relu6";
  row.looks_for = "aten::relu";
  row.changes_numerics = true;
  row.summary = "Caps every relu at six";
  row.run = [](tsir::Unit& unit, const tsir::PassContext&) -> tsir::PassResult {
    const auto relu6 = c10::Symbol::fromQualString("aten::relu6");
    for (torch::jit::Node* node : unit.graph()->nodes()) {
      if (node->kind() == c10::aten::relu) {
        node->replaceWithNewSymbol(relu6);
      }
    }
    return {};
  };
  registry.add(row);
}
TSIR_PASS_PLUGIN(add_passes)
