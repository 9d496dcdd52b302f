// One instance of a variant, trained step by step.
#pragma once

#include "lib/bench/variants/train.h"

namespace torch::optim {
class Optimizer;
}

namespace tsir {

// Parameters of the module that are trained: those that require gradients, each once.
std::vector<at::Tensor> trainable_parameters(const jit::Module& module);

class TrainStep {
public:
  // `variant` must outlive this; its module's parameters and buffers are what is changed.
  TrainStep(const BenchTarget& target, const Variant& variant, const TrainSettings& settings);
  ~TrainStep();
  TrainStep(const TrainStep&) = delete;
  TrainStep& operator=(const TrainStep&) = delete;

  // The part that is not timed: resets to the start where all steps are done, and clears gradients unless that is
  // timed.
  void prepare();
  // Forward, loss, backward, optimizer. All work is done when it returns; `wait`: also between the parts, so that their
  // times are right on a device. Throws Error(check) in one line.
  StepTimes run(bool wait);
  double loss() const; // of the last step
  // The length of all gradients of the last step, taken as one vector.
  double gradient_norm() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace tsir
