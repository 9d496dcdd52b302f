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
  TrainOptimizer optimizer = TrainOptimizer::sgd; // LibTorch's own, with its default settings
  double learning_rate = 0.01;
  TrainLoss loss = TrainLoss::mean; // of the first floating-point output; a scalar output is itself the loss
  // The number of steps after which parameters, buffers, optimizer and random numbers are reset to their start. A
  // measurement takes thousands of steps. Without the reset it would drift into NaN, denormal numbers or other branches
  // of the model, so that a variant's times would depend on its number of steps.
  size_t steps = 10;
  bool time_zero_grad = false; // times freeing the gradients of the step before as well
};

// "adam 0.001 cross-entropy 20 untimed": for rivals, as in docs/rivals.md.
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

// The record of a variant.
struct TrainRecord {
  size_t parameters = 0;            // tensors that are trained
  uint64_t weights = 0;             // numbers in them
  size_t differentiable_graphs = 0; // graphs that LibTorch's autodiff differentiates; autograd does the rest
  std::vector<double> losses;       // of the first `steps` steps
  std::vector<double> norms;        // norm of all gradients as one vector, by step
  std::vector<StepTimes> times;     // of the timed steps
};

struct TrainingOutcome {
  TrainSettings settings;
  std::vector<TrainRecord> records; // by variant; without losses if it was not trained in this process
};

} // namespace tsir
