// Restarts the tool after a crash to write a reproducer: the supervisor starts a second process with the same command
// line, which finds here what happened to the first and saves what it can.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tsir {

// Shared between the first process, its supervisor and the second process; plain memory without pointers.
struct RecoveryBoard {
  static constexpr size_t capacity = 1024;
  std::atomic<int> point; // set by the running process: the point to restart for after a failure; 0 for no restart
  int failed_at;          // in the second process: the point of the first; 0 in the first
  bool crashed;           // the first process crashed; otherwise it ended with an error
  char what[capacity];    // the error of the first, or the signal that ended it
  char report[capacity];  // the second's line for the user, which the supervisor prints
};

// Sets the board that the functions below use. With nullptr, which is the default, they do nothing.
void set_recovery_board(RecoveryBoard* board);

// From now on, a crash or a failed pass (exit codes 5 and 4) is followed by a restart, which receives `point`: a number
// from 1 on, chosen by the caller. 0 turns restarts off. A call costs one write of an integer.
void set_recovery_point(int point);
// The line of the error that this process ends with.
void set_failure_text(std::string_view what);

struct EarlierFailure {
  int point;
  bool crashed;
  std::string what;
};
// In the second process: how the first one ended. In the first: nothing.
std::optional<EarlierFailure> earlier_failure();
// In the second process, whose output is discarded: one line for the user.
void report_recovery(std::string_view line);

} // namespace tsir
