// An untyped input, as given in its text or in a file.
#pragma once

#include "lib/compat/libtorch.h"

#include <complex>

namespace tsir {

struct Fill;
struct InputValue;
struct InputEntry;

// `float32[1,3]=randint(0,5)`.
struct TensorText {
  at::ScalarType dtype = at::kFloat;
  std::vector<int64_t> sizes;
  const Fill* fill = nullptr;       // a row of fills(); nullptr for the default of the dtype
  std::vector<c10::Scalar> numbers; // the arguments of the fill, or the values in order
};

struct InputList {
  std::vector<InputValue> elements;
};
struct InputTuple {
  std::vector<InputValue> elements;
};
struct InputDict {
  std::vector<InputEntry> entries;
};
struct InputNone {};

struct InputValue {
  std::variant<InputNone, bool, int64_t, double, c10::complex<double>, std::string, TensorText, at::Tensor, InputList,
               InputTuple, InputDict>
      value;
};

struct InputEntry {
  InputValue key;
  InputValue element;
};

// Parses one value in the grammar of docs/inputs.md. Throws an Error(usage) that contains the column.
InputValue parse_input_value(std::string_view text);
// Removes `name=` from the front of `text` and returns the name; "" if there is none.
std::string take_argument_name(std::string_view& text);

// Converts a value from a file. Throws Error(usage) for objects and everything else that is not plain data.
InputValue input_value_of(const c10::IValue& value);

// A description for messages: "float32[2,3]", "int 10", "a list of 3".
std::string describe(const InputValue& value);

} // namespace tsir
