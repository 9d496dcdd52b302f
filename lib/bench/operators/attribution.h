// Where the time goes, and where a gain came from: what the profiled rounds say about operators.
#pragma once

#include "lib/bench/estimate/estimate.h"
#include "lib/bench/operators/operator_rounds.h"

namespace tsir {

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

// The rows and `unattributed_ns` add up to `measured_ns`, which is the timed rounds' and knows nothing of the profile.
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

// `measured_ns`: a call in the timed rounds. Nothing where the arm has no profile.
std::optional<Profile> profile_of(const OperatorRounds& rounds, size_t arm, double measured_ns);

// What an arm has against its reference in the timed rounds.
struct MeasuredPair {
  double variant_ns = 0;
  double reference_ns = 0;
  double delta_ns = 0; // as the verdict has it: not quite the difference of the two
};
std::optional<Attribution> attribute(const OperatorRounds& rounds, size_t arm, size_t reference,
                                     const MeasuredPair& measured, const FusionGroups& groups);

} // namespace tsir
