// What LibTorch's own parser lets pass, and passes and the interpreter then fail at, far from the cause.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Throws Error(load): the number of blocks, an operator that is not there or does not take these arguments, a constant
// that is none.
void check_node(const Cursor& cursor, const Word& word, const jit::Node& node);
// That the operator gives an output of this number.
void check_output(const Cursor& cursor, const Word& word, const c10::FunctionSchema& schema, size_t number);

} // namespace tsir::ir_text
