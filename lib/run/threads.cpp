#include "lib/run/threads.h"

#include <ATen/Parallel.h>

namespace tsir {

int default_threads() {
  static const int choice = at::get_num_threads();
  return choice;
}

void set_threads(int threads) {
  const int otherwise = default_threads(); // read before it is changed
  at::set_num_threads(threads > 0 ? threads : otherwise);
}

SingleThread::SingleThread() : before_(at::get_num_threads()) {
  default_threads();
  at::set_num_threads(1);
}

SingleThread::~SingleThread() {
  at::set_num_threads(before_);
}

} // namespace tsir
