#include "lib/tune/mix.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace tsir {

size_t calls_of_cycle(const Mix& mix) {
  const size_t calls = std::accumulate(mix.begin(), mix.end(), size_t{0},
                                       [](size_t sum, const MixPart& part) { return sum + part.calls; });
  return std::max<size_t>(calls, 1);
}

std::string to_text(const Mix& mix) {
  std::string text;
  for (const MixPart& part : mix) {
    text += fmt::format("{}{} of '{}'", text.empty() ? "" : ", ", part.calls, part.inputs);
  }
  return text;
}

nlohmann::ordered_json to_json(const Mix& mix) {
  auto json = nlohmann::ordered_json::array();
  for (const MixPart& part : mix) {
    json.push_back({{"inputs", part.inputs}, {"calls", part.calls}});
  }
  return json;
}

Mix mix_of(const nlohmann::ordered_json& json) {
  Mix mix;
  for (const auto& part : json) {
    mix.push_back({part.at("inputs").get<std::string>(), part.at("calls").get<size_t>()});
  }
  return mix;
}

} // namespace tsir
