#include "tools/tsir/stop_signal.h"

#include <csignal>
#include <ctime>

namespace tsir::tool {
namespace {

volatile std::sig_atomic_t received_signal = 0;
timespec received_at{};

double seconds_since(const timespec& start) {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec - start.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec - start.tv_nsec);
}

// A signal to the whole process group arrives here twice, because the supervisor forwards the one that it receives. Two
// signals within half a second therefore count as one.
void note_signal(int signal) {
  if (received_signal == 0) {
    received_signal = signal;
    ::clock_gettime(CLOCK_MONOTONIC, &received_at);
  } else if (seconds_since(received_at) > 0.5) {
    ::signal(signal, SIG_DFL);
    ::raise(signal); // delivered when this handler returns
  }
}

} // namespace

StopSignal::StopSignal() {
  received_signal = 0;
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

StopSignal::~StopSignal() {
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
}

int StopSignal::received() {
  return received_signal;
}

} // namespace tsir::tool
