#include "lib/pass/registry.h"

#include "lib/base/nearest.h"

#include <stdexcept>

namespace tsir {
void Registry::add(PassRow row) {
  const auto demand = [&](bool met, const char* what) {
    if (!met) {
      throw std::logic_error(fmt::format("pass row '{}': {}", row.name, what));
    }
  };
  demand(!row.name.empty() && !row.function.empty() && !row.summary.empty(), "name, function and summary are required");
  demand(static_cast<bool>(row.run), "a function to run is required");
  demand(find(row.name) == nullptr && find_preset(row.name) == nullptr, "the name is already in use");
  for (const std::string& alias : row.aliases) {
    demand(find(alias) == nullptr && find_preset(alias) == nullptr, "an alias is already in use");
  }
  auto owned = std::make_unique<PassRow>(std::move(row));
  for (const std::string& alias : owned->aliases) {
    aliases_[alias] = owned.get();
  }
  const std::string name = owned->name;
  rows_[name] = std::move(owned);
}

void Registry::add(Preset preset) {
  if (find(preset.name) != nullptr || find_preset(preset.name) != nullptr) {
    throw std::logic_error(fmt::format("preset '{}': the name is already in use", preset.name));
  }
  const std::string name = preset.name;
  presets_[name] = std::make_unique<Preset>(std::move(preset));
}

const PassRow* Registry::find(std::string_view name) const {
  if (const auto row = rows_.find(name); row != rows_.end()) {
    return row->second.get();
  }
  const auto alias = aliases_.find(name);
  return alias == aliases_.end() ? nullptr : alias->second;
}

const Preset* Registry::find_preset(std::string_view name) const {
  const auto preset = presets_.find(name);
  return preset == presets_.end() ? nullptr : preset->second.get();
}

std::vector<const PassRow*> Registry::rows() const {
  std::vector<const PassRow*> all;
  for (const auto& [name, row] : rows_) {
    all.push_back(row.get());
  }
  return all;
}

std::vector<const Preset*> Registry::presets() const {
  std::vector<const Preset*> all;
  for (const auto& [name, preset] : presets_) {
    all.push_back(preset.get());
  }
  return all;
}

std::string Registry::nearest(std::string_view name) const {
  std::vector<std::string> candidates;
  for (const auto& [candidate, row] : rows_) {
    candidates.push_back(candidate);
  }
  for (const auto& [candidate, row] : aliases_) {
    candidates.push_back(candidate);
  }
  for (const auto& [candidate, preset] : presets_) {
    candidates.push_back(candidate);
  }
  return nearest_word(name, candidates);
}

} // namespace tsir
