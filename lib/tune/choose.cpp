#include "lib/tune/choose.h"

#include "lib/tune/race.h"

namespace tsir {
namespace {

constexpr double most_unsure = 0.02; // a candidate that is slower by more is not as fast

// Whether the candidate was among the fastest of its race, and gave other outputs on further inputs.
bool won_but_is_wrong(const CandidateOutcome& outcome) {
  return outcome.ratio && !outcome.stopped_early && !outcome.good();
}

// Whether the candidate is an earlier one with other settings, and is not shown to be faster than that. Most settings
// change nothing, and the fastest of many variants looks faster than it is.
bool only_looks_faster(const std::vector<CandidateOutcome>& all, const CandidateOutcome& candidate) {
  const auto base = std::ranges::find_if(all, [&](const CandidateOutcome& earlier) {
    const bool same_steps = earlier.candidate.passes == candidate.candidate.passes &&
                            earlier.candidate.settings.onednn_fusion == candidate.candidate.settings.onednn_fusion;
    return same_steps && earlier.good() && (earlier.ratio || &earlier == all.data());
  });
  const double time = base->ratio ? base->ratio->ratio : 1;
  return &*base != &candidate && !shows_less(candidate.ratio->high, candidate.ratio->rounds, time);
}

} // namespace

std::optional<size_t> fastest(const std::vector<CandidateOutcome>& all, double band, bool savable) {
  // Those that were stopped early count too if what they were stopped for cannot be saved, or has turned out to be
  // wrong.
  const bool stopped_too = savable || std::ranges::any_of(all, &won_but_is_wrong);
  std::vector<size_t> contenders;
  for (size_t i = 1; i < all.size(); ++i) {
    const bool wanted = (stopped_too || !all[i].stopped_early) && (!savable || all[i].savable());
    if (wanted && all[i].good() && all[i].ratio && all[i].ratio->ratio < 1 && !only_looks_faster(all, all[i])) {
      contenders.push_back(i);
    }
  }
  if (contenders.empty()) {
    return std::nullopt;
  }
  const TimeRatio& least =
      *all[*std::ranges::min_element(contenders, {}, [&](size_t i) { return all[i].ratio->ratio; })].ratio;
  const double unsure = std::max(band, std::min(least.high / least.ratio - 1, most_unsure));
  std::erase_if(contenders, [&](size_t i) { return all[i].ratio->ratio > least.ratio * (1 + unsure); });
  const auto found = std::ranges::find_if(contenders, [&](size_t i) { return all[i].savable(); });
  return found == contenders.end() ? contenders.front() : *found;
}

} // namespace tsir
