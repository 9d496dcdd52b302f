#include "lib/bench/outcome/training.h"

#include <fmt/format.h>

namespace tsir {

std::string_view to_string(TrainOptimizer optimizer) {
  return optimizer == TrainOptimizer::sgd ? "sgd" : "adam";
}

std::string_view to_string(TrainLoss loss) {
  switch (loss) {
  case TrainLoss::mean:
    return "mean";
  case TrainLoss::mse:
    return "mse";
  case TrainLoss::cross_entropy:
    break;
  }
  return "cross-entropy";
}

std::string protocol_text(const TrainSettings& settings) {
  return fmt::format("{} {} {} {} {}", to_string(settings.optimizer), settings.learning_rate, to_string(settings.loss),
                     settings.steps, settings.time_zero_grad ? "timed" : "untimed");
}

std::string condition_text(const TrainSettings& settings) {
  return fmt::format("{} {:g} {} {} steps{}", to_string(settings.optimizer), settings.learning_rate,
                     to_string(settings.loss), settings.steps, settings.time_zero_grad ? " with zero_grad" : "");
}

} // namespace tsir
