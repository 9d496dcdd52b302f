// The tool works in a child process while its parent only waits. A crash of LibTorch then ends with exit code 5 and one
// line that names the step, instead of a stack trace.
#pragma once

#include <functional>

namespace tsir::tool {

// Runs `work` in the child process, which was started before main(). The parent's exit code is that of `work`; 5 if it
// crashed, 3 if a TimeLimit has passed.
[[noreturn]] void run_supervised(const std::function<int()>& work);

} // namespace tsir::tool
