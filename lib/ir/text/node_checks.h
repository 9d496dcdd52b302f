// Finds what LibTorch's parser accepts, but what makes passes or the interpreter fail later, far from the cause.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Throws TextError for nodes that would crash LibTorch, and for wrong uses of classes that the text defines: a name
// that is not a constant, or an attribute or method that the class does not have.
void check_node(const Cursor& cursor, const Word& word, const jit::Node& node);
// A warning about a node that LibTorch's parser accepts but that is probably a mistake: an operator that does not exist
// or does not accept these arguments, or an attribute of a value that is not an object. "" if there is nothing to
// report. It is not an error, because the patterns of passes consist of such nodes.
std::string warning_about(const jit::Node& node);
// A warning about the number of the node's blocks. Call it after they are read.
std::string warning_about_blocks(const jit::Node& node);
// Throws TextError unless the operator has an output with this index.
void check_output(const Cursor& cursor, const Word& word, const c10::FunctionSchema& schema, size_t number);

} // namespace tsir::ir_text
