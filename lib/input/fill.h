// Makes tensors from their texts: `float32[1,3]=randint(0,5)`. The table of fills is the single source for the parser,
// its error messages, the tool's help and the table in docs/inputs.md.
#pragma once

#include "lib/input/value.h"

namespace tsir {

// The dtypes that a fill supports. Quantised dtypes do not have a text form.
enum class FillDtypes { any, real, fractional }; // real: not complex; fractional: floating point and complex
std::string_view to_string(FillDtypes dtypes);

// One way to fill a tensor: the text after the `=`.
struct Fill {
  std::string_view name;    // "randint"; empty for the values themselves
  std::string_view form;    // syntax: "randint(lo,hi)"
  std::string_view meaning; // "random integers from lo up to, but not including, hi"
  FillDtypes dtypes;
  std::string_view example; // a whole input: "int64[1,128]=randint(0,30522)"
  size_t arguments;         // the number of arguments in parentheses
  // Makes a tensor with the text's sizes, in a dtype in which LibTorch can compute it. Throws Error(usage).
  at::Tensor (*make)(const TensorText& text, at::Generator& generator);

  bool is_values() const { return name.empty(); }
};

// All fills. A name that takes either one or two arguments has a row for each.
const std::vector<Fill>& fills();
// The fill with this name and number of arguments. Throws Error(usage): it lists all forms if the name is unknown, and
// the forms of that name if the number of arguments is wrong.
const Fill& find_fill(std::string_view name, size_t arguments);
// The fill whose text is the values themselves.
const Fill& values_fill();
// The forms of all fills: "randn, rand, …, randint(lo,hi) or [v,…]".
std::string fill_forms();

// A CPU tensor, filled from `generator`; LibTorch's default generator is not used. Throws Error(usage) if the fill does
// not support the dtype, or if the tensor does not fit into the available memory.
at::Tensor make_tensor(const TensorText& text, at::Generator& generator);

// A separate generator for each argument, so that its values depend only on the seed and its position.
at::Generator make_generator(uint64_t seed, size_t argument);

} // namespace tsir
