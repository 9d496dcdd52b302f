// Training measured: what is timed is a step of forward, loss, backward and optimizer.
#pragma once

#include "lib/bench/machine/allocator.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

enum class TrainOptimizer { sgd, adam };
enum class TrainLoss { mean, mse, cross_entropy };
std::string_view to_string(TrainOptimizer optimizer); // "sgd"
std::string_view to_string(TrainLoss loss);           // "cross-entropy"

struct TrainSettings {
  TrainOptimizer optimizer = TrainOptimizer::sgd; // LibTorch's own, with its defaults
  double learning_rate = 0.01;
  TrainLoss loss = TrainLoss::mean; // of the first floating output; a model that returns a scalar has its own loss
  // After so many steps parameters, buffers, optimizer and random numbers are put back to their start. A measurement
  // takes thousands of steps: without this it would end in NaN, in denormal numbers or in other branches of the model,
  // and which of them a variant is timed in would depend on how many steps it took.
  size_t steps = 10;
  bool time_zero_grad = false; // freeing the gradients of the step before is part of what is timed
};

// "adam 0.001 cross-entropy 20 untimed": for rivals, as docs/rivals.md has it.
std::string protocol_text(const TrainSettings& settings);

// The parts of a step, in nanoseconds.
struct StepTimes {
  double forward = 0;
  double loss = 0;
  double backward = 0;
  double optimizer = 0;
  double total() const { return forward + loss + backward + optimizer; }
};

// What became of a variant.
struct TrainRecord {
  size_t parameters = 0;            // tensors that are trained
  uint64_t weights = 0;             // numbers in them
  size_t differentiable_graphs = 0; // that LibTorch's autodiff differentiates; the rest is autograd's
  std::vector<double> losses;       // of the first `steps` steps
  std::vector<double> norms;        // of all gradients, taken as one vector; by step
  std::vector<StepTimes> times;     // of the timed steps
};

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
