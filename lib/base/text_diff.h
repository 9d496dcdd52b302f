// The difference of two texts by lines, as `diff -u` shows it.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tsir {

// Unified, with `context` unchanged lines around each change; coloured with ANSI sequences where asked. Empty where
// equal.
std::string unified_diff(const std::string& before, const std::string& after, bool color, int context = 3);

// Where in both sequences that stands which stays, when one is made the other with the fewest edits (nearly the fewest
// for long ones). Positions rise in both.
std::vector<std::pair<size_t, size_t>> unchanged_positions(std::span<const int> before, std::span<const int> after);

} // namespace tsir
