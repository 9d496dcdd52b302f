#include "lib/bench/timing/clock.h"

#include <chrono>
#include <ctime>
#include <sys/resource.h>

namespace tsir {

Usage operator-(const Usage& after, const Usage& before) {
  return {after.cpu_ns - before.cpu_ns, after.involuntary_switches - before.involuntary_switches,
          after.page_faults - before.page_faults};
}

int64_t SteadyClock::now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Usage SteadyClock::usage() {
  Usage usage;
  timespec cpu{};
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) == 0) {
    usage.cpu_ns = int64_t{cpu.tv_sec} * 1'000'000'000 + cpu.tv_nsec;
  }
  rusage counted{};
  if (getrusage(RUSAGE_SELF, &counted) == 0) {
    usage.involuntary_switches = counted.ru_nivcsw;
    usage.page_faults = counted.ru_minflt + counted.ru_majflt;
  }
  return usage;
}

} // namespace tsir
