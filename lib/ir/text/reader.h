// Graphs from .ir text: the whole of docs/ir.md.
#pragma once

#include "lib/ir/text/values.h"

namespace tsir::ir_text {

struct ReadText {
  GraphPtr graph;
  // Of the module that the text holds: the graph is that of its method. None where there is no module.
  c10::IValue module;
  std::string method;
  // Owns the functions that the text defines, to which graphs only point; null where there are none.
  std::shared_ptr<jit::CompilationUnit> code;
  // What could be read, and is rarely meant: operators that this LibTorch does not have, or not with these arguments.
  std::vector<TextFault> doubts;
};

// Throws Error(load), with path:line:column of the first fault.
ReadText read_text(const std::string& text, const std::string& path, const KeptConstants& kept);

} // namespace tsir::ir_text
