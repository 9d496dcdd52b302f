// Turns an exception of a running model into one line that names the place in the model's source.
#pragma once

#include <exception>
#include <string>

namespace tsir {

// "forward failed at model.py:12 in `torch.matmul(x, w)`: mat1 and mat2 shapes cannot be multiplied (…)". `grad`:
// whether autograd was on. If it was off and the model needs it, the line suggests Setting::grad.
std::string run_failure(const std::string& unit, const std::exception& error, bool grad);

} // namespace tsir
