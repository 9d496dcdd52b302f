// Measures training: times steps of forward, loss, backward and optimizer.
#pragma once

#include "lib/bench/outcome/training.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// The number of steps until the code that LibTorch's executor runs is final: the gradient graphs are profiled after the
// first run of the optimised forward, and optimised one step later.
constexpr size_t steps_until_compiled = 5;

// Trains variants, and keeps their records.
class Training {
public:
  explicit Training(const TrainSettings& settings) : settings_(settings) {}
  const TrainSettings& settings() const { return settings_; }

  // Sets train mode, which affects batch normalisation and dropout. To be called before the passes, so that they see
  // the module that is run.
  static void enter_train_mode(Unit& unit);
  // Throw Error(usage) in one line if nothing is left to train: a frozen module has constants instead of parameters.
  static void require_trainable(const Pipeline& pipeline);
  static void require_trainable(const Variant& variant);

  // Runs the first `steps` steps from the start, or more if LibTorch's executor would still be compiling. Returns what
  // must be equal between variants: the first losses and norms of the gradients, and whether all were finite. Throws
  // Error(check) in one line if a step throws, or, with `must_be_finite`, if loss or gradients are not finite.
  // `memory`: that of the last step.
  c10::IValue first_steps(const BenchTarget& target, const Variant& variant, bool must_be_finite, MemoryUse* memory);
  // An arm that takes its own times, without what is not part of a step.
  Arm arm(const BenchTarget& target, Variant variant);
  // The record of the variant that these passes made from this file; nullptr if it was not trained.
  const TrainRecord* record(const std::string& origin, std::span<const PassOutcome> passes) const;

private:
  TrainSettings settings_;
  std::map<std::string, TrainRecord> records_;
};

} // namespace tsir
