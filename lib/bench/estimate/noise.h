// Where the scatter of a ratio between rounds comes from: noise in time, or what differs from instance to instance.
#pragma once

#include "lib/bench/estimate/estimate.h"

namespace tsir {

// Standard deviations of a round's effect, relative: 0.01 is 1 %.
struct RoundNoise {
  double rounds = 0; // as seen between rounds
  // What noise in time within a round explains; empty if the rounds have too few blocks to tell.
  std::optional<double> within;
  // Whether the rounds scatter by more than `within` explains (an F test at 1 %).
  bool more_than_within = false;

  // What remains: placement in memory, which differs between the user's processes, and whatever else lasts for a
  // round. 0 if noise within rounds explains everything, or if `within` is unknown.
  double placement() const;
};

RoundNoise round_noise(const Effects& effects);

// The ratios between which 19 of 20 single processes would see the effect: a prediction interval at 95 %, from the
// rounds' mean and the noise of placement. Requires at least two rounds.
Interval process_ratios(const Effects& effects, const RoundNoise& noise);

} // namespace tsir
