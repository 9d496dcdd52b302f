// The number of threads that LibTorch uses within an operator.
#pragma once

namespace tsir {

// LibTorch's choice, as it was when this was first asked.
int default_threads();
// 0: LibTorch's choice. To be called before anything runs, in the process that runs it.
void set_threads(int threads);

// While it lives, work in this process stays in one thread: LibTorch's threads do not come along into a fork, and a
// child would wait for them.
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
