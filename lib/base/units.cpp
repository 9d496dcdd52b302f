#include "lib/base/units.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace tsir {
namespace {

// Formats with three significant digits and without an exponent: "1.24", "12.4", "124", "1240".
std::string three_digits(double value) {
  const double size = std::abs(value);
  // The limits take rounding into account: 9.996 becomes "10.0".
  if (size < 9.995) {
    return fmt::format("{:.2f}", value);
  }
  if (size < 99.95) {
    return fmt::format("{:.1f}", value);
  }
  return fmt::format("{:.0f}", value);
}

} // namespace

std::string human_bytes(uint64_t bytes) {
  constexpr std::array<const char*, 7> units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) {
    return fmt::format("{} B", bytes);
  }
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1023.5 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  return three_digits(value) + " " + units[unit];
}

std::string human_count(uint64_t count) {
  std::string text = std::to_string(count);
  for (size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string human_seconds(double seconds) {
  if (!std::isfinite(seconds)) {
    return fmt::format("{} s", seconds);
  }
  if (seconds == 0) {
    return "0 s";
  }
  constexpr std::array<const char*, 3> units = {"ns", "us", "ms"};
  double value = seconds * 1e9;
  for (const char* unit : units) {
    if (std::abs(value) < 999.5) {
      return three_digits(value) + " " + unit;
    }
    value /= 1000;
  }
  return three_digits(seconds) + " s";
}

std::string plural(size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

} // namespace tsir
