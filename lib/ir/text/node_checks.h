// Finds what LibTorch's own parser accepts, and passes or the interpreter fail on later, far from the cause.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Throws TextError for what would crash LibTorch, and for wrong uses of classes that the text itself defines: a name
// that is not a constant, an attribute or method that its class does not have.
void check_node(const Cursor& cursor, const Word& word, const jit::Node& node);
// What LibTorch's parser accepts although it is rarely meant: an operator that does not exist or does not take these
// arguments, an attribute of what is not an object. "" where there is nothing to report. Not an error: the patterns
// that passes look for are made of such nodes.
std::string doubt_about(const jit::Node& node);
// The same about the number of its blocks, once they are read.
std::string doubt_about_blocks(const jit::Node& node);
// Throws TextError unless the operator has an output of this number.
void check_output(const Cursor& cursor, const Word& word, const c10::FunctionSchema& schema, size_t number);

} // namespace tsir::ir_text
