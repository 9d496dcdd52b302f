// What a pass throws to decline a unit.
#pragma once

#include "lib/base/error.h"

namespace tsir {

// One of tsir's own checks of a pass's conditions found a condition that does not hold: the model must be frozen first,
// LibTorch's pass would crash or give wrong results here, this LibTorch has no such fuser. Nothing else counts as
// refused: what LibTorch or the model throws while a pass runs is a failure, whatever its type.
class Refused : public Error {
public:
  explicit Refused(const std::string& line) : Error(ErrorKind::pass, line) {}
};

} // namespace tsir
