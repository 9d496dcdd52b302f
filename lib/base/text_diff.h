// The line-based difference of two texts, in the format of `diff -u`.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tsir {

// A unified diff with `context` unchanged lines around each change, coloured with ANSI sequences if `color` is set.
// Empty if the texts are equal.
std::string unified_diff(const std::string& before, const std::string& after, bool color, int context = 3);

// The elements that stay when `before` is edited into `after` with the fewest edits (nearly the fewest for long
// sequences): pairs of their positions in `before` and in `after`, both in ascending order.
std::vector<std::pair<size_t, size_t>> unchanged_positions(std::span<const int> before, std::span<const int> after);

} // namespace tsir
