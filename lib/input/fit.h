// Converts untyped inputs to values of the types in a schema.
#pragma once

#include "lib/input/value.h"

namespace tsir {

// An input that does not match its type: `what` is "expected int, got float 1.5", after the position if it is nested.
struct InputMismatch {
  std::string what;
};

struct FitSettings {
  c10::Device device = c10::kCPU; // the device of tensors
  at::Generator generator;        // for the fills of this argument
};

// Throws InputMismatch, and Error(usage) if a tensor cannot be made.
c10::IValue fit(const InputValue& value, const c10::TypePtr& type, FitSettings& settings);

} // namespace tsir
