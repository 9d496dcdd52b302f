// The word that a misspelt one was probably meant to be.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tsir {

// The candidate nearest to `word`, or "" if none is near. Of two that are equally near, the one that begins like
// `word`; of two that begin alike, the first.
std::string nearest_word(std::string_view word, std::span<const std::string> candidates);

} // namespace tsir
