// The tool works in a child process while its parent only waits. A crash of LibTorch then ends with exit code 5 and one
// line that names the step, instead of a stack trace.
#pragma once

#include <functional>

namespace tsir::tool {

// Forks. Returns in the child, which then calls run_supervised; the parent waits for it and exits with its code. May be
// called before LibTorch is initialised: the parent uses only the C library.
void split_off_worker();

// Runs `work` in the child process that split_off_worker has started. The parent's exit code is that of `work`; 5 if it
// crashed, 3 if a TimeLimit has passed.
[[noreturn]] void run_supervised(const std::function<int()>& work);

} // namespace tsir::tool
