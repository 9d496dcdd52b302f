// Reads graphs from .ir text, as docs/ir.md describes it.
#pragma once

#include "lib/ir/text/values.h"

namespace tsir::ir_text {

struct ReadText {
  GraphPtr graph;
  // The module in the text, if any: the graph is then that of its method. None if there is no module.
  c10::IValue module;
  std::string method;
  // Owns the functions that the text defines, which graphs only point to; null if there are none.
  std::shared_ptr<jit::CompilationUnit> code;
  // Text that is valid but probably a mistake: operators that this LibTorch does not have, or not with these arguments.
  std::vector<TextFault> warnings;
};

// Throws Error(load) with path:line:column of the first fault.
ReadText read_text(std::string_view text, const std::string& path, const KeptConstants& kept);

} // namespace tsir::ir_text
