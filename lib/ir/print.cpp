#include "lib/ir/print.h"

#include <torch/csrc/jit/passes/canonicalize.h>

namespace tsir {

std::string to_text(const jit::Graph& graph, const PrintSettings& settings) {
  // Canonicalize makes a renumbered copy; the graph itself stays as it is.
  const auto renumbered = jit::Canonicalize(const_cast<jit::Graph&>(graph).copy(), /*keep_unique_names=*/true);
  return renumbered->toString(settings.locations);
}

} // namespace tsir
