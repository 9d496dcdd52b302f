// The flags of `tsir bench --train`.
#pragma once

#include "lib/bench/outcome/training.h"

#include <CLI/CLI.hpp>

#include <optional>

namespace tsir::tool {

struct TrainOptions {
  bool given = false;
  std::string optimizer = "sgd";
  std::string loss = "mean";
  double learning_rate = 0; // 0: 0.01 for sgd, 0.001 for adam
  TrainSettings settings;

  void add_to(CLI::App& app);
  // Empty without --train.
  std::optional<TrainSettings> chosen() const;
};

} // namespace tsir::tool
