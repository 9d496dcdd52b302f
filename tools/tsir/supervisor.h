// The tool works in a child process and the parent only waits, so that a crash of LibTorch ends in one line that names
// the step, with exit code 5, and not in a stack trace.
#pragma once

#include <functional>

namespace tsir::tool {

// Runs `work` in the child process, which was started before main(). The parent's exit code is that of `work`; 5 if it
// crashed, 3 if a TimeLimit has passed.
[[noreturn]] void run_supervised(const std::function<int()>& work);

} // namespace tsir::tool
