#include "lib/ir/text/print.h"

#include "lib/ir/text/printer.h"

namespace tsir {

std::string to_text(const jit::Graph& graph, const PrintSettings& settings) {
  const auto numbering = settings.keep_numbers ? ir_text::Numbering::kept : ir_text::Numbering::fresh;
  return ir_text::graph_text(graph, numbering, settings.locations, nullptr);
}

} // namespace tsir
