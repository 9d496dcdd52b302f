// Training steps: the settings, and the record of each variant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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
// "adam 0.001 cross-entropy 20 steps with zero_grad": a condition of a saved baseline.
std::string condition_text(const TrainSettings& settings);

// The parts of a step, in nanoseconds.
struct StepTimes {
  double forward = 0;
  double loss = 0;
  double backward = 0;
  double optimizer = 0;
  double total() const { return forward + loss + backward + optimizer; }
};

// Of one variant.
struct TrainRecord {
  size_t parameters = 0;            // tensors that are trained
  uint64_t weights = 0;             // numbers in them
  size_t differentiable_graphs = 0; // that LibTorch's autodiff differentiates; the rest is autograd's
  std::vector<double> losses;       // of the first `steps` steps
  std::vector<double> norms;        // of all gradients, taken as one vector; by step
  std::vector<StepTimes> times;     // of the timed steps
};

struct TrainingOutcome {
  TrainSettings settings;
  std::vector<TrainRecord> records; // by variant; without losses where it was not trained here
};

} // namespace tsir
