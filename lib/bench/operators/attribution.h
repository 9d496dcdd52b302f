// From profiled rounds to profiles of variants and attributions of differences.
#pragma once

#include "lib/bench/operators/operator_rounds.h"
#include "lib/bench/outcome/operators.h"

namespace tsir {

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
