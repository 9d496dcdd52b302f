// Training measured: what is timed is a step of forward, loss, backward and optimizer.
#pragma once

#include "lib/bench/outcome/training.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// Steps after which LibTorch's executor runs what it will run from then on: the gradient graphs are profiled when the
// optimised forward first ran, and optimised a step later.
constexpr size_t steps_until_compiled = 5;

// Trains variants, and keeps what became of them.
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
  // Takes its own times: what is not part of a step stands between them.
  Arm arm(const BenchTarget& target, Variant variant);
  // Of the variants that these passes made of this file; nullptr where it was not trained.
  const TrainRecord* record(const std::string& origin, std::span<const PassOutcome> passes) const;

private:
  TrainSettings settings_;
  std::map<std::string, TrainRecord> records_;
};

} // namespace tsir
