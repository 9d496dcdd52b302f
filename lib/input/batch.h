// Changes the batch size of inputs.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct InputValue;

// The batch dimension of the inputs' tensors.
struct BatchDimensions {
  int64_t others = 0;                                    // for arguments that are not listed in by_name
  std::map<std::string, std::optional<int64_t>> by_name; // std::nullopt: the argument does not have a batch dimension
  std::optional<int64_t> of(const std::string& argument) const;
};
// Parses "1", "h=1,c=1" or "0,mask=none". Throws Error(usage).
BatchDimensions parse_batch_dimensions(const std::string& text);

struct Batch {
  int64_t size = 1;
  BatchDimensions dimensions;
};

// Resizes all tensors in `value`, including those in lists, tuples and dicts, to `size` in `dimension`. Tensors given
// as text are filled again; existing tensors are repeated or truncated. Numbers without dimensions are unchanged.
// Returns the number of tensors found. Throws InputMismatch if a tensor has too few dimensions, or is empty and cannot
// be repeated.
size_t resize_tensors(InputValue& value, int64_t dimension, int64_t size);

} // namespace tsir
