// Passes and presets as `tsir passes` shows them: tables and pages for people, JSON for programs.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

// All passes and presets, one in a line.
std::string passes_text(const Registry& registry);
nlohmann::ordered_json passes_json(const Registry& registry);

// One pass or preset, by name or alias. The text of a pass has its example, which is run. Both throw Error(usage) with
// the nearest name where there is none of this name.
std::string pass_text(const Registry& registry, const std::string& name);
nlohmann::ordered_json pass_json(const Registry& registry, const std::string& name);

// The functions of LibTorch without a row, each with the reason.
std::string exclusions_text();
nlohmann::ordered_json exclusions_json();

} // namespace tsir
