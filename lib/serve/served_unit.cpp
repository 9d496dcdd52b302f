#include "lib/serve/served_unit.h"

#include "lib/base/error.h"

#include <fmt/format.h>

namespace tsir {

nlohmann::ordered_json to_json(const ServedUnit& unit) {
  return {{"key", unit.key},
          {"unsavable", unit.unsavable},
          {"notes", unit.notes},
          {"beyond_host", unit.beyond_host},
          {"open_seconds", unit.open_seconds},
          {"first_call_seconds", unit.first_call_seconds},
          {"peak_bytes", unit.peak_bytes}};
}

ServedUnit served_unit_of(const std::string& json) {
  try {
    const auto data = nlohmann::ordered_json::parse(json);
    return {.key = data.at("key").get<std::string>(),
            .unsavable = data.at("unsavable").get<std::string>(),
            .notes = data.at("notes").get<std::vector<std::string>>(),
            .beyond_host = data.at("beyond_host").get<std::vector<std::string>>(),
            .open_seconds = data.at("open_seconds").get<double>(),
            .first_call_seconds = data.at("first_call_seconds").get<double>(),
            .peak_bytes = data.at("peak_bytes").get<uint64_t>()};
  } catch (const std::exception& error) {
    throw Error(ErrorKind::check, fmt::format("the description of a served unit cannot be read: {}", one_line(error)));
  }
}

} // namespace tsir
