// The clock of measurements: that of the machine, or a synthetic one in tests.
#pragma once

#include <cstdint>

namespace tsir {

constexpr double ns_per_second = 1e9;

// The usage of the whole process, with all threads, so far.
struct Usage {
  int64_t cpu_ns = 0;
  int64_t involuntary_switches = 0;
  int64_t page_faults = 0;
};
Usage operator-(const Usage& after, const Usage& before);

class Clock {
public:
  virtual ~Clock() = default;
  // Nanoseconds since a fixed moment; never decreases.
  virtual int64_t now() = 0;
  // Read only around slots, never around single calls, because it is a system call.
  virtual Usage usage() = 0;
};

class SteadyClock final : public Clock {
public:
  int64_t now() override;
  Usage usage() override;
};

} // namespace tsir
