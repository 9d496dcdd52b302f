// The number of threads that LibTorch uses within an operator.
#pragma once

namespace tsir {

// LibTorch's choice, at the first call of this function.
int default_threads();
// 0: LibTorch's choice. To be called before any operator runs, in the process that runs them.
void set_threads(int threads);

// For its lifetime, operators in this process use one thread. A fork does not copy LibTorch's threads, and a child
// would wait for them.
class SingleThread {
public:
  SingleThread();
  ~SingleThread();
  SingleThread(const SingleThread&) = delete;
  SingleThread& operator=(const SingleThread&) = delete;

private:
  int before_;
};

} // namespace tsir
