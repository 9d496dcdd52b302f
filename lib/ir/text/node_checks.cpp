#include "lib/ir/text/node_checks.h"

namespace tsir::ir_text {

void check_node(const Cursor& cursor, const Word& word, const jit::Node& node) {
  const std::string name = node.kind().toQualString();
  const size_t blocks = node.kind() == c10::prim::If ? 2 : node.kind() == c10::prim::Loop ? 1 : node.blocks().size();
  if (node.blocks().size() != blocks) {
    cursor.fail(word, fmt::format("{} needs {} block{}, and has {}", name, blocks, blocks == 1 ? "" : "s",
                                  node.blocks().size()));
  }
  if (name == "prim::ConstantMKLDNNTensor") {
    cursor.fail(word, "a tensor in MKLDNN layout cannot be read from text: run the pass that made it on the .pt");
  }
  if (node.kind().is_prim() || node.maybeOperator() != nullptr) {
    return;
  }
  cursor.fail(word, name + (jit::getAllOperatorsFor(node.kind()).empty()
                                ? ": this LibTorch has no such operator; give the library that has it with "
                                  "--load-library lib.so"
                                : ": no form of this operator takes these arguments"));
}

void check_output(const Cursor& cursor, const Word& word, const c10::FunctionSchema& schema, size_t number) {
  if (number >= schema.returns().size()) {
    cursor.fail(word, fmt::format("{} gives {} value{}, and {} are named", schema.name(), schema.returns().size(),
                                  schema.returns().size() == 1 ? "" : "s", number + 1));
  }
}

} // namespace tsir::ir_text
