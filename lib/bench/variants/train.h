// Training as what is timed: steps of forward, loss, backward and optimizer.
#pragma once

#include "lib/bench/outcome/training.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// Steps after which LibTorch's executor no longer changes its plans: the gradient graphs are profiled when the
// optimised forward first ran, and optimised a step later.
constexpr size_t steps_until_compiled = 5;

// Trains variants, and keeps a record of each.
class Training {
public:
  explicit Training(const TrainSettings& settings) : settings_(settings) {}
  const TrainSettings& settings() const { return settings_; }

  // Batch normalisation and dropout as in training. Before the passes: they see the module that is run.
  static void enter_train_mode(Unit& unit);
  // Throw Error(usage) in one line where nothing is left to train: a frozen module has constants for parameters.
  static void require_trainable(const Pipeline& pipeline);
  static void require_trainable(const Variant& variant);

  // The first `steps` steps from the start, or more, where LibTorch's executor would still be compiling. Gives what
  // must be equal between variants: the first losses and lengths of gradients, and whether all were finite. Throws
  // Error(check) in one line where a step throws, and, if `must_be_finite`, where loss or gradients are not. `memory`:
  // of the last step.
  c10::IValue first_steps(const BenchTarget& target, const Variant& variant, bool must_be_finite, MemoryUse* memory);
  // An arm that takes its own times, since work that is not part of a step is done between steps.
  Arm arm(const BenchTarget& target, Variant variant);
  // Of the variant that these passes made of this file; nullptr where it was not trained.
  const TrainRecord* record(const std::string& origin, std::span<const PassOutcome> passes) const;

private:
  TrainSettings settings_;
  std::map<std::string, TrainRecord> records_;
};

} // namespace tsir
