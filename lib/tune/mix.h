// The inputs that a program calls a model with in turn, such as images of several sizes.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace tsir {

struct MixPart {
  std::string inputs; // all inputs as one text
  size_t calls = 1;   // of each cycle
  bool operator==(const MixPart&) const = default;
};
using Mix = std::vector<MixPart>; // empty: the same inputs in all calls

// The number of calls in a cycle; 1 for an empty mix.
size_t calls_of_cycle(const Mix& mix);
// "3 of 'float32[1,8]', 1 of 'float32[4,8]'"
std::string to_text(const Mix& mix);
nlohmann::ordered_json to_json(const Mix& mix);
// Throws nlohmann::json::exception if the JSON is not of this kind.
Mix mix_of(const nlohmann::ordered_json& json);

} // namespace tsir
