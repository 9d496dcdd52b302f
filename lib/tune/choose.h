// Which of the candidates that have raced is measured again.
#pragma once

#include "lib/tune/candidate.h"

namespace tsir {

// Of those that are as fast as the fastest as far as the race can tell, the first that a .pt can hold, else the first:
// later ones have more parts or settings. None if nothing was faster than the module as it came, which is the first of
// `all`. `band`: smaller differences count as none. `savable`: only what a .pt can hold.
std::optional<size_t> fastest(const std::vector<CandidateOutcome>& all, double band, bool savable = false);

} // namespace tsir
