#include "tools/tsir/bench_train.h"

#include "tools/tsir/options.h"

namespace tsir::tool {
namespace {

constexpr const char* training_group = "Training";

TrainLoss parse_loss(const std::string& name) {
  for (const TrainLoss loss : {TrainLoss::mean, TrainLoss::mse}) {
    if (name == to_string(loss)) {
      return loss;
    }
  }
  return TrainLoss::cross_entropy;
}

} // namespace

void TrainOptions::add_to(CLI::App& app) {
  auto* train = app.add_flag("--train", given,
                             "Time training steps instead of calls: forward, loss, backward and optimizer, in train "
                             "mode; losses and gradients are compared")
                    ->group(training_group);
  app.add_option("--optimizer", optimizer, "Optimizer of LibTorch, with its default settings")
      ->type_name("NAME")
      ->check(CLI::IsMember({"sgd", "adam"}))
      ->capture_default_str()
      ->needs(train)
      ->group(training_group);
  app.add_option("--lr", learning_rate, "Learning rate (default: 0.01 for sgd, 0.001 for adam)")
      ->type_name("RATE")
      ->check(positive("a learning rate"))
      ->needs(train)
      ->group(training_group);
  app.add_option("--loss", loss,
                 "Loss of the first floating-point output: its mean, or mse or cross-entropy with seeded targets; a "
                 "scalar output is itself the loss")
      ->type_name("NAME")
      ->check(CLI::IsMember({"mean", "mse", "cross-entropy"}))
      ->capture_default_str()
      ->needs(train)
      ->group(training_group);
  app.add_option("--steps", settings.steps,
                 "Number of steps after which parameters, buffers and optimizer are reset, so that a long measurement "
                 "does not drift")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str()
      ->needs(train)
      ->group(training_group);
  app.add_flag("--time-zero-grad", settings.time_zero_grad, "Include zero_grad in the timed step")
      ->needs(train)
      ->group(training_group);
}

std::optional<TrainSettings> TrainOptions::chosen() const {
  if (!given) {
    return std::nullopt;
  }
  TrainSettings chosen = settings;
  chosen.optimizer = optimizer == "adam" ? TrainOptimizer::adam : TrainOptimizer::sgd;
  chosen.loss = parse_loss(loss);
  const double usual = chosen.optimizer == TrainOptimizer::adam ? 0.001 : 0.01;
  chosen.learning_rate = learning_rate > 0 ? learning_rate : usual;
  return chosen;
}

} // namespace tsir::tool
