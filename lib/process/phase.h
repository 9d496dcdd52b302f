// The step that the process is in ("loading m.pt", "running pass freeze on forward"), kept where its parent process can
// read it after a crash. Each change costs a string copy: for steps, not for inner loops.
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

// Where steps are written from now on; nullptr (the start) drops them.
void set_phase_board(PhaseBoard* board);

// Names a step for the lifetime of the object; the enclosing step comes back afterwards.
class Phase {
public:
  explicit Phase(std::string_view what);
  ~Phase();
  Phase(const Phase&) = delete;
  Phase& operator=(const Phase&) = delete;

private:
  std::string before_;
};

// For its lifetime, the parent process ends this one when `limit` has passed, with an error of kind `load`: for steps
// that a hostile file can make endless.
class TimeLimit {
public:
  explicit TimeLimit(std::chrono::nanoseconds limit);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

private:
  int64_t before_ = 0;
};

// Adds to what the parent says about a crash. For a handler that runs just before one.
void set_crash_detail(std::string_view what);

} // namespace tsir
