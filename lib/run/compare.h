// Compares outputs: nested values, with a tolerance for each dtype.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Two elements are equal if |value - reference| <= atol + rtol * |reference|. A negative limit stands for the default
// of the dtype, whose atol grows with the largest magnitude in the tensor (see the table in compare_tensor.cpp).
// Integers, bools and strings must always be equal.
struct Tolerance {
  struct Limits {
    double rtol = -1;
    double atol = -1;
  };
  double rtol = -1;
  double atol = -1;
  std::map<at::ScalarType, Limits> by_dtype = {}; // takes precedence over the two above
};

struct Difference {
  bool same = true;        // within tolerance; types, shapes and dtypes equal
  bool identical = true;   // bit for bit
  double max_absolute = 0; // over all tensors and numbers
  double max_relative = 0; // where the reference is not 0
  std::string where;       // of the first mismatch, else of the largest difference: `output 0, key "a", element [1,2]`
  std::string what;        // one line, if not same: "shape [2,3] instead of [2,4]"
};

// NaN equals NaN. Sparse, quantised and MKLDNN tensors are compared by value; devices and gradients do not matter.
Difference compare(const c10::IValue& reference, const c10::IValue& value, const Tolerance& tolerance = {});
// The outputs of two runs, in order.
Difference compare(const std::vector<c10::IValue>& reference, const std::vector<c10::IValue>& value,
                   const Tolerance& tolerance = {});
// Returns a copy that later in-place changes do not affect. Waits for futures. Values that cannot be copied (a
// generator, a custom object without __getstate__) are shared.
c10::IValue deep_copy(const c10::IValue& value);
std::vector<c10::IValue> deep_copies(const std::vector<c10::IValue>& values);

} // namespace tsir
