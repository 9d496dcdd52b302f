// The step that the process is in ("loading m.pt", "running pass freeze on forward"), kept in memory that its parent
// process can read after a crash. Each change costs a string copy: for steps, not for inner loops.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tsir {

// Shared between the working process and its supervisor; plain memory without pointers.
struct PhaseBoard {
  static constexpr size_t capacity = 1024;
  char text[capacity];              // the step
  char detail[capacity];            // the crash detail: the text of an exception that nobody caught
  std::atomic<int64_t> deadline_ns; // of the TimeLimit, on std::chrono::steady_clock; 0 for none
};

// Sets the board that steps are written to. With nullptr, which is the default, they are dropped.
void set_phase_board(PhaseBoard* board);

// Names a step for the lifetime of the object; afterwards, the enclosing step is restored.
class Phase {
public:
  explicit Phase(std::string_view what);
  ~Phase();
  Phase(const Phase&) = delete;
  Phase& operator=(const Phase&) = delete;

private:
  std::string before_;
};

// For its lifetime, the parent process ends this one when `limit` has passed, with an error of kind `load`. Used for
// steps that a hostile file can make endless.
class TimeLimit {
public:
  explicit TimeLimit(std::chrono::nanoseconds limit);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

private:
  int64_t before_ = 0;
};

// Adds a detail to the parent's report of a crash. Used in a handler that runs just before the crash.
void set_crash_detail(std::string_view what);

} // namespace tsir
