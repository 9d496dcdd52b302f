// What `tsir passes` shows, as text and as JSON.
#pragma once

#include "lib/pass/registry.h"

namespace tsir::tool {

std::string list_text(const Registry& registry);
// Everything about one pass: its example is really run.
std::string pass_text(const PassRow& row, const Registry& registry);
// Functions without a row, and why.
std::string excluded_text();
std::string preset_text(const Preset& preset);

nlohmann::ordered_json pass_json(const PassRow& row);
nlohmann::ordered_json preset_json(const Preset& preset);

} // namespace tsir::tool
