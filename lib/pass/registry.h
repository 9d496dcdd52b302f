// All passes and presets, by name.
#pragma once

#include "lib/pass/row.h"

namespace tsir {

// A named pipeline text: `python-freeze`.
struct Preset {
  std::string name;
  std::string pipeline; // in the same syntax: passes, options and other presets
  std::string summary;
  std::string description;
  std::string function = {}; // LibTorch's own function for the whole pipeline: "torch.jit.freeze"
};

class Registry {
public:
  // Throws std::logic_error if a name or alias is already in use, or if a row is incomplete.
  void add(PassRow row);
  void add(Preset preset);

  // By name or alias; nullptr if there is none. Pointers stay valid as long as the registry lives.
  const PassRow* find(std::string_view name) const;
  const Preset* find_preset(std::string_view name) const;
  // Sorted by name.
  std::vector<const PassRow*> rows() const;
  std::vector<const Preset*> presets() const;
  // The registered name or alias nearest to a misspelt one, or nothing if none is near.
  std::string nearest(std::string_view name) const;

private:
  std::map<std::string, std::unique_ptr<PassRow>, std::less<>> rows_;
  std::map<std::string, const PassRow*, std::less<>> aliases_;
  std::map<std::string, std::unique_ptr<Preset>, std::less<>> presets_;
};

} // namespace tsir
