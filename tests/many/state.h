// What a process takes over from the one that started it, as far as it can matter to tsir or to LibTorch.
#pragma once

#include <nlohmann/json.hpp>

namespace tsir::many {

// The environment, limits, mask of new files, priority and processors of this process. Left out: the variables of
// `passing_environment`.
nlohmann::json inherited_state();

// Variables that may differ from command to command, because LibTorch does not read them when it starts: the current
// and the temporary folder, lit's own, and TSIR_MANY.
nlohmann::json passing_environment();

// Sets variables as `passing_environment` gave them in another process.
void set_environment(const nlohmann::json& variables);

// The numbers of the signals that this process ignores, as children of lit ignore SIGINT.
nlohmann::json ignored_signals();
// Ignores the signals that another process ignores, and no others.
void ignore_signals(const nlohmann::json& numbers);

} // namespace tsir::many
