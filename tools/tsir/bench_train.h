// The flags of `tsir bench --train`.
#pragma once

#include "lib/bench/bench.h"
#include "lib/bench/variants/train.h"
#include "tools/tsir/workload_options.h"

namespace tsir::tool {

struct TrainOptions {
  bool given = false;
  std::string optimizer = "sgd";
  std::string loss = "mean";
  double learning_rate = 0; // 0: 0.01 for sgd, 0.001 for adam
  TrainSettings settings;

  void add_to(CLI::App& app);
  TrainSettings chosen() const;
  // Nothing without --train. Throws Error(usage) where the file has nothing that could be trained.
  std::shared_ptr<Training> start(const OpenedModel& model, const std::string& file) const;
  // Makes the measurement one of training steps.
  static void apply(const std::shared_ptr<Training>& training, BenchTarget& target);
  void apply(BenchSettings& settings, const std::string& executor) const;
};

} // namespace tsir::tool
