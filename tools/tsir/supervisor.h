// The tool works in a child process and the parent only waits: whatever kills LibTorch then ends in one line that names
// the step, with exit code 5, and never in a stack trace.
#pragma once

#include <functional>

namespace tsir::tool {

// Runs `work` in the child process, which exists since before main(): the parent's exit code is that of `work`; 5 where
// it crashed, 3 where it outran a TimeLimit.
[[noreturn]] void run_supervised(const std::function<int()>& work);

} // namespace tsir::tool
