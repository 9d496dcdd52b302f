// Human-readable sizes and times: "12.3 MiB", "1.24 ms", "25,557,032".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tsir {

std::string human_bytes(uint64_t bytes);
std::string human_count(uint64_t count);
std::string human_seconds(double seconds); // three significant digits, in ns, us, ms or s

// "1 round", "5 rounds".
std::string plural(size_t count, std::string_view word);

} // namespace tsir
