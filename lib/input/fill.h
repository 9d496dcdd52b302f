// Tensors from their texts: `float32[1,3]=randint(0,5)`. The table of fills is the only description of them: the
// parser, its errors, the tool's help and the table in docs/inputs.md come from it.
#pragma once

#include "lib/input/value.h"

namespace tsir {

// The dtypes that a fill can make. Quantised dtypes have no text form at all.
enum class FillDtypes { any, real, fractional }; // real: not complex; fractional: floating point and complex
std::string_view to_string(FillDtypes dtypes);

// One way to fill a tensor: what stands after the `=`.
struct Fill {
  std::string_view name;    // "randint"; empty for the values themselves
  std::string_view form;    // how it is written: "randint(lo,hi)"
  std::string_view meaning; // "random integers from lo up to, but not including, hi"
  FillDtypes dtypes;
  std::string_view example; // a whole input: "int64[1,128]=randint(0,30522)"
  size_t arguments;         // how many numbers stand in its parentheses
  // A tensor of the text's sizes, of a dtype in which LibTorch can compute it. Throws Error(usage).
  at::Tensor (*make)(const TensorText& text, at::Generator& generator);

  bool is_values() const { return name.empty(); }
};

// All fills. A name that takes one or two arguments has a row for each.
const std::vector<Fill>& fills();
// The fill of this name and number of arguments. Throws Error(usage) with all forms where there is no such name, and
// with those of the name where the number does not suit.
const Fill& find_fill(std::string_view name, size_t arguments);
// The fill whose text is the values themselves.
const Fill& values_fill();
// How all of them are written: "randn, rand, …, randint(lo,hi) or [v,…]".
std::string fill_forms();

// A CPU tensor, filled from `generator`; LibTorch's own generator is not touched. Throws Error(usage) where the fill
// does not suit the dtype, or the tensor would not fit into the memory that is free now.
at::Tensor make_tensor(const TensorText& text, at::Generator& generator);

// A generator of its own for each argument, so that its values depend on the seed and its place alone.
at::Generator make_generator(uint64_t seed, size_t argument);

} // namespace tsir
