// The error of the launcher.
#pragma once

#include <stdexcept>

namespace tsir::launcher {

// One line: what is missing, and what to do.
struct NotFound : std::runtime_error {
  using std::runtime_error::runtime_error;
};

} // namespace tsir::launcher
