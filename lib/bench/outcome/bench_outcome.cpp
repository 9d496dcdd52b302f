#include "lib/bench/outcome/bench_outcome.h"

#include <algorithm>

namespace tsir {

Outcome Contrast::outcome() const {
  return identical ? Outcome::identical : decision ? decision->outcome : Outcome::inconclusive;
}

size_t BenchOutcome::timed_as(size_t variant) const {
  const VariantOutcome& outcome = variants[variant];
  return outcome.state == VariantState::identical ? outcome.identical_to : variant;
}

std::optional<TimedArm> BenchOutcome::timed_arm(size_t variant) const {
  for (const size_t candidate : {variant, timed_as(variant)}) {
    for (const Group& group : groups) {
      const auto found = std::ranges::find(group.variants, candidate);
      if (found != group.variants.end()) {
        return TimedArm{&group, static_cast<size_t>(found - group.variants.begin())};
      }
    }
  }
  return std::nullopt;
}

std::optional<Summary> BenchOutcome::summary(size_t variant) const {
  const auto timed = timed_arm(variant);
  return timed ? summarize(timed->group->measurement, timed->arm) : std::nullopt;
}

bool BenchOutcome::machine_unfit() const {
  return std::ranges::any_of(groups,
                             [](const Group& group) { return group.control && changed(group.control->outcome); });
}

const Contrast* BenchOutcome::contrast(size_t variant, size_t reference) const {
  const auto found = std::ranges::find_if(contrasts, [&](const Contrast& contrast) {
    return contrast.variant == variant && contrast.reference == reference;
  });
  return found == contrasts.end() ? nullptr : &*found;
}

} // namespace tsir
