// Untyped inputs made into values of the types that a schema asks for.
#pragma once

#include "lib/input/value.h"

namespace tsir {

// An input that does not fit: `what` reads "expected int, got float 1.5", with the place inside it if it is nested.
struct InputMismatch {
  std::string what;
};

struct FitSettings {
  c10::Device device = c10::kCPU; // where tensors go
  at::Generator generator;        // for the fills of this argument
};

// Throws InputMismatch, or Error(usage) where a tensor cannot be made.
c10::IValue fit(const InputValue& value, const c10::TypePtr& type, FitSettings& settings);

} // namespace tsir
