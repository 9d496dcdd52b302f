// What the process is doing just now ("loading m.pt", "pass freeze on forward"), kept where a supervising parent
// process can still read it after a crash. Costs a string copy: for steps, not for inner loops.
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
  char detail[capacity];            // what a dying process could still say: the text of an exception that nobody caught
  std::atomic<int64_t> deadline_ns; // on std::chrono::steady_clock, when the supervisor is to give up; 0 for never
};

// Where phases are written from now on; nullptr (the start) drops them.
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

// For its lifetime, the supervisor gives up (one line, exit 3) when `limit` has passed: for steps that a hostile file
// can make endless.
class TimeLimit {
public:
  explicit TimeLimit(std::chrono::nanoseconds limit);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

private:
  int64_t before_ = 0;
};

// For a handler that runs when the process is about to die.
void set_crash_detail(std::string_view what);

} // namespace tsir
