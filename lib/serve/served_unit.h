// What a served unit says of itself.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tsir {

// What became of the unit, for those who choose between several.
struct ServedUnit {
  std::string key;                           // equal for units that execute the same
  std::string unsavable;                     // the first thing in it that a .pt file cannot hold, or ""
  std::vector<std::string> notes = {};       // of passes, with their names
  std::vector<std::string> beyond_host = {}; // what passes did that a program without tsir does not do
  double open_seconds = 0;                   // to open the file and run the passes
  double first_call_seconds = 0;             // the first three calls: those that profile and compile; 0 before them
  uint64_t peak_bytes = 0;                   // the most memory that the process has held
};
nlohmann::ordered_json to_json(const ServedUnit& unit);
// Throws Error(check) if the JSON is not of this kind.
ServedUnit served_unit_of(const std::string& json);

} // namespace tsir
