// Inputs for batches of another size than they were given for.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct InputValue;

// Which dimension of the inputs' tensors counts the items of a batch.
struct BatchDimensions {
  int64_t others = 0;                                    // of arguments that are not named
  std::map<std::string, std::optional<int64_t>> by_name; // nothing: the argument has no batch
  std::optional<int64_t> of(const std::string& argument) const;
};
// "1", "h=1,c=1", "0,mask=none". Throws Error(usage).
BatchDimensions parse_batch_dimensions(const std::string& text);

struct Batch {
  int64_t size = 1;
  BatchDimensions dimensions;
};

// Gives all tensors in `value`, also those in lists, tuples and dicts, that size: a text is filled anew, values that
// are there already are repeated or cut off. Numbers without a dimension stay. Returns how many were found; throws
// InputMismatch where one has too few dimensions, or nothing to repeat.
size_t resize_tensors(InputValue& value, int64_t dimension, int64_t size);

} // namespace tsir
