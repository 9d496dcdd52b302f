// Trains one instance of a variant, step by step.
#pragma once

#include "lib/bench/variants/train.h"

namespace torch::optim {
class Optimizer;
}

namespace tsir {

// The module's trainable parameters: those that require gradients, each once.
std::vector<at::Tensor> trainable_parameters(const jit::Module& module);

class TrainStep {
public:
  // `variant` must outlive this; training changes the parameters and buffers of its module.
  TrainStep(const BenchTarget& target, const Variant& variant, const TrainSettings& settings);
  ~TrainStep();
  TrainStep(const TrainStep&) = delete;
  TrainStep& operator=(const TrainStep&) = delete;

  // The untimed part of a step: resets everything after the last step, and clears the gradients unless that is timed.
  void prepare();
  // Runs forward, loss, backward and optimizer. All work is done when it returns. `wait`: also waits between the parts,
  // so that their times are right on a device. Throws Error(check) in one line.
  StepTimes run(bool wait);
  double loss() const; // of the last step
  // The norm of all gradients of the last step, as one vector.
  double gradient_norm() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace tsir
