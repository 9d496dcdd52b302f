// Numbers in .ir text, read: 1, -1.5, inf, 2j, 1.+2.j.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

bool number_begins(const Cursor& cursor);
// The word with its sign, as it stands: where number_begins.
std::string number_text(Cursor& cursor);
// An integer or a float out of such a word, which began at `start`. Throws Error(load).
c10::IValue plain_number(const Cursor& cursor, const Word& start, const std::string& text);
c10::IValue read_number(Cursor& cursor); // complex ones too

} // namespace tsir::ir_text
