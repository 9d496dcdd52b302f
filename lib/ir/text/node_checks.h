// What LibTorch's own parser lets pass, and passes and the interpreter then fail at, far from the cause.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Throws TextError for what would crash LibTorch, and for what is wrong with classes that the text itself defines: a
// constant that is none, an attribute or method that its class does not have.
void check_node(const Cursor& cursor, const Word& word, const jit::Node& node);
// What LibTorch's parser takes, and people rarely mean: an operator that is not there or does not take these arguments,
// an attribute of what is no object. "" where nothing is. Patterns that passes look for are made of such nodes.
std::string doubt_about(const jit::Node& node);
// The same about the number of its blocks, once they are read.
std::string doubt_about_blocks(const jit::Node& node);
// That the operator gives an output of this number.
void check_output(const Cursor& cursor, const Word& word, const c10::FunctionSchema& schema, size_t number);

} // namespace tsir::ir_text
