// Compares two tensors, or two numbers, element by element.
#pragma once

#include "lib/run/compare.h"

namespace tsir {

struct TensorDifference {
  bool same = true;
  bool identical = true;
  double max_absolute = 0;
  double max_relative = 0;
  std::string element; // "[1,2]": the first out of tolerance, or the one that differs most; "" if all are equal
  std::string what;    // one line, if not same
};

TensorDifference compare_tensors(const at::Tensor& reference, const at::Tensor& value, const Tolerance& tolerance);
// With the tolerance of float32.
TensorDifference compare_numbers(double reference, double value, const Tolerance& tolerance);

} // namespace tsir
