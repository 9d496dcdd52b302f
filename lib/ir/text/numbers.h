// Prints and parses numbers in .ir text. Every number is read back with the same bits.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// As LibTorch prints it, with a dot if the text would otherwise be an integer: `1.`, `0.10000000000000001`, `1e+20`,
// `inf`, `-nan`.
std::string double_text(double number);
// The same, but `bits("7ff8000000000001")` for a NaN other than the two usual ones.
std::string exact_double_text(double number);
std::string complex_text(c10::complex<double> number); // 1.+2.j
// Parses a number with its sign. std::nullopt if the text is not such a number, or is out of range.
std::optional<int64_t> integer_of(std::string_view text);
std::optional<double> double_of(std::string_view text);
// Whether the text of a number is an integer.
bool is_integer_text(std::string_view text);

} // namespace tsir::ir_text
