// The difference of two texts by lines, as `diff -u` shows it.
#pragma once

#include <string>

namespace tsir {

// Unified, with `context` unchanged lines around each change; coloured with ANSI sequences where asked. Empty where
// equal.
std::string unified_diff(const std::string& before, const std::string& after, bool color, int context = 3);

} // namespace tsir
