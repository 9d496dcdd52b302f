// Where the time of calls goes, and which operators a speed-up came from: the results of the profiled rounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tsir {

// The name of the row for instructions that belong to no numbered node: of forked tasks, and of methods that are known
// only when they are called.
inline constexpr std::string_view other_code = "(forked and interface calls)";

// An operator in one variant. Times are nanoseconds a call of the model.
struct OperatorShare {
  std::string name;
  double ns = 0;
  double low = 0; // of an interval that holds for this row alone
  double high = 0;
  double calls = 0; // a call of the model; 0 where it is not known
};

// An operator in a variant, against the reference. Below 0: takes less.
struct OperatorDelta {
  std::string name;
  double reference_ns = 0;
  double variant_ns = 0;
  double delta_ns = 0;
  double low = 0;
  double high = 0;
  double reference_calls = 0;
  double variant_calls = 0;
};

// Fusion groups, and the operators that are in them and take less elsewhere now.
struct Replacement {
  std::vector<std::string> groups;
  double groups_ns = 0; // the difference that they make
  std::vector<std::string> operators;
  double operators_ns = 0;
};

// The rows and `unattributed_ns` add up to `measured_ns`, which comes from the timed rounds, without the profile.
template <typename Row> struct Account {
  double measured_ns = 0;
  std::vector<Row> operators; // the largest first
  double attributed_ns = 0;   // their sum
  double unattributed_ns = 0; // what no instruction took: entering and leaving the interpreter; and errors
};

struct Profile : Account<OperatorShare> {
  double profiled_call = 1; // time of the operators in the profile over that of the same calls without it
};

struct Attribution : Account<OperatorDelta> {
  std::vector<Replacement> replacements;
};

struct OperatorEvent {
  std::string name;
  int64_t start = 0; // on the clock, in nanoseconds
  int64_t wall_ns = 0;
  size_t depth = 0; // 0: of the graph; 1: called by such a one
};

// One call with its operators on a time axis.
struct OperatorTrack {
  int64_t start = 0; // of the call
  int64_t wall_ns = 0;
  std::vector<OperatorEvent> events; // in the order of their beginnings; of the calling thread
};

struct VariantOperators {
  size_t variant = 0;
  Profile profile;
  OperatorTrack track; // empty where none was asked for
};

struct ContrastOperators {
  size_t variant = 0;
  size_t reference = 0;
  Attribution attribution;
};

struct OperatorOutcome {
  std::vector<VariantOperators> variants;
  std::vector<ContrastOperators> contrasts;
  std::vector<std::string> failures; // a line each
  size_t rounds = 0;                 // of the group that had fewest
  size_t blocks = 0;                 // in all, of that group
  double span_cost_ns = 0;
  double seconds = 0;
  size_t rows = 10;           // that a table shows
  bool launches_only = false; // a device was at work, and the times are of launching
  bool interrupted = false;
};

} // namespace tsir
