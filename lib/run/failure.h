// What a model threw while it ran, as one line that says where in the model's source.
#pragma once

#include <exception>
#include <string>

namespace tsir {

// "forward failed at model.py:12 in `torch.matmul(x, w)`: mat1 and mat2 shapes cannot be multiplied (…)". `grad` tells
// whether autograd was on: where it was off and the model needs it, the line offers Setting::grad.
std::string run_failure(const std::string& unit, const std::exception& error, bool grad);

} // namespace tsir
