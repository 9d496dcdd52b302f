// Results of the profiled rounds of a bench: the time of each operator, and the operators that a gain comes from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tsir {

// The name of the row for instructions without a numbered node: those of forked tasks, and of methods that are known
// only at run time.
inline constexpr std::string_view other_code = "(forked and interface calls)";

// An operator in one variant. Times are in nanoseconds per call of the model.
struct OperatorShare {
  std::string name;
  double ns = 0;
  double low = 0; // bounds of an interval that is valid for this row alone
  double high = 0;
  double calls = 0; // per call of the model; 0 if unknown
};

// An operator in a variant, compared with the reference. Below 0: takes less time.
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

// Fusion groups, and the operators in them that now take less time outside of groups.
struct Replacement {
  std::vector<std::string> groups;
  double groups_ns = 0; // the change of their time
  std::vector<std::string> operators;
  double operators_ns = 0;
};

// The rows and `unattributed_ns` add up to `measured_ns`, which comes from the timed rounds, without the profile.
template <typename Row> struct Account {
  double measured_ns = 0;
  std::vector<Row> operators; // the largest first
  double attributed_ns = 0;   // the sum of their times
  double unattributed_ns = 0; // time outside of instructions: entering and leaving the interpreter, and errors
};

struct Profile : Account<OperatorShare> {
  double profiled_call = 1; // time of the operators in the profile, divided by that of the same calls without it
};

struct Attribution : Account<OperatorDelta> {
  std::vector<Replacement> replacements;
};

struct OperatorEvent {
  std::string name;
  int64_t start = 0; // on the clock, in nanoseconds
  int64_t wall_ns = 0;
  size_t depth = 0; // 0: in the graph; 1: called by an operator in the graph
};

// One call with its operators on a time axis.
struct OperatorTrack {
  int64_t start = 0; // of the call
  int64_t wall_ns = 0;
  std::vector<OperatorEvent> events; // ordered by start; of the calling thread
};

struct VariantOperators {
  size_t variant = 0;
  Profile profile;
  OperatorTrack track; // empty if not requested
};

struct ContrastOperators {
  size_t variant = 0;
  size_t reference = 0;
  Attribution attribution;
};

struct OperatorOutcome {
  std::vector<VariantOperators> variants;
  std::vector<ContrastOperators> contrasts;
  std::vector<std::string> failures; // one line each
  size_t rounds = 0;                 // of the group with the fewest
  size_t blocks = 0;                 // total, of that group
  double span_cost_ns = 0;
  double seconds = 0;
  size_t rows = 10;           // rows of a table
  bool launches_only = false; // a device did the work, so the times are those of launching it
  bool interrupted = false;
};

} // namespace tsir
