// Reads numbers in .ir text: 1, -1.5, inf, 2j, 1.+2.j.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

bool number_begins(const Cursor& cursor);
// Reads a number with its sign as text. Requires number_begins.
std::string number_text(Cursor& cursor);
// Converts such text, which began at `start`, to an integer or a float. Throws Error(load).
c10::IValue plain_number(const Cursor& cursor, const Word& start, const std::string& text);
c10::IValue read_number(Cursor& cursor); // also complex numbers

} // namespace tsir::ir_text
