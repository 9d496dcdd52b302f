// Steps that must all be tried, although one of them fails.
#pragma once

#include "lib/base/error.h"

#include <exception>
#include <functional>
#include <vector>

namespace tsir {

// Runs every step. Throws the first Error after the last step; anything else that a step throws ends it at once.
inline void run_all(const std::vector<std::function<void()>>& steps) {
  std::exception_ptr failure;
  for (const auto& step : steps) {
    try {
      step();
    } catch (const Error&) {
      failure = failure ? failure : std::current_exception();
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

} // namespace tsir
