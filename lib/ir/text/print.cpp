#include "lib/ir/text/print.h"

#include "lib/ir/text/printer.h"

#include <torch/csrc/jit/passes/canonicalize.h>

namespace tsir {

std::string to_text(const jit::Graph& graph, const PrintSettings& settings) {
  if (settings.keep_numbers) {
    return ir_text::graph_text(graph, settings.locations, nullptr);
  }
  // Canonicalize makes a renumbered copy and does not change the graph. shared_from_this is not const.
  const auto copy = jit::Canonicalize(const_cast<jit::Graph&>(graph).shared_from_this(), /*keep_unique_names=*/true);
  return ir_text::graph_text(*copy, settings.locations, nullptr);
}

} // namespace tsir
