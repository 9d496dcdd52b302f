// Numbers in .ir text: whatever is written is read back to the same bits.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// As LibTorch prints them, with a dot where nothing else says that it is no integer: `1.`, `0.10000000000000001`,
// `1e+20`, `inf`, `-nan`.
std::string double_text(double number);
// The same, and `bits("7ff8000000000001")` for a NaN that is none of the usual two.
std::string exact_double_text(double number);
std::string complex_text(c10::complex<double> number); // 1.+2.j
// With its sign. Nothing where the text is no such number, or out of range.
std::optional<int64_t> integer_of(std::string_view text);
std::optional<double> double_of(std::string_view text);
// Whether a number's text is that of an integer.
bool is_integer_text(std::string_view text);

} // namespace tsir::ir_text
