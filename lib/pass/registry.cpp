#include "lib/pass/registry.h"

#include <numeric>
#include <stdexcept>

namespace tsir {
namespace {

// The Levenshtein distance: the number of letters to change, insert or delete.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

} // namespace

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
  std::string best;
  size_t best_distance = std::max<size_t>(2, name.size() / 3) + 1; // a larger distance means another word
  // If two names are equally near, prefers the one with the same beginning: "frese" is freeze, not fuse.
  const auto shared_start = [&](const std::string& candidate) {
    const size_t size = std::min(name.size(), candidate.size());
    return std::mismatch(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(size), candidate.begin()).first -
           name.begin();
  };
  const auto consider = [&](const std::string& candidate) {
    const size_t d = distance(name, candidate);
    if (d < best_distance || (d == best_distance && !best.empty() && shared_start(candidate) > shared_start(best))) {
      best = candidate;
      best_distance = d;
    }
  };
  for (const auto& [candidate, row] : rows_) {
    consider(candidate);
  }
  for (const auto& [candidate, row] : aliases_) {
    consider(candidate);
  }
  for (const auto& [candidate, preset] : presets_) {
    consider(candidate);
  }
  return best;
}

} // namespace tsir
