// A second chance after a failure that may have cost the process: its supervisor starts another one with the same
// command line, which finds here what happened, and saves what is worth saving.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tsir {

// Shared between a process, its supervisor and the process that comes after; plain memory without pointers.
struct RecoveryBoard {
  static constexpr size_t capacity = 1024;
  std::atomic<int> point; // of the process at work: where it asks for a second one; 0 where it does not
  int failed_at;          // in the second process: the point of the first; 0 in the first
  bool crashed;           // the first: brought down, rather than ended with an error
  char what[capacity];    // the first's error, or the signal that ended it
  char report[capacity];  // what the second has to say; the supervisor prints it
};

// Where all of the below is kept from now on; nullptr (the start) drops it.
void set_recovery_board(RecoveryBoard* board);

// From now on, a crash or a failed pass (exit codes 5 and 4) brings a second process, which is told `point`, a number
// of the caller's own from 1 on. 0 takes that back. Costs nothing: an integer is written.
void set_recovery_point(int point);
// The line of the error that this process ends with.
void set_failure_text(std::string_view what);

struct EarlierFailure {
  int point;
  bool crashed;
  std::string what;
};
// In a second process: what became of the first.
std::optional<EarlierFailure> earlier_failure();
// In a second process, whose standard output and error lead nowhere: one line for the user.
void report_recovery(std::string_view line);

} // namespace tsir
