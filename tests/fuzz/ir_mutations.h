// Mutations after which .ir text can often still be read: they change whole words and lines, while libFuzzer's own
// mutations change bytes.
#pragma once

#include <random>
#include <string>

namespace tsir::fuzz {

// `text` with one change more.
std::string changed(std::string text, std::mt19937& random);

// The beginning of one and the end of the other, each cut at a line.
std::string crossed(const std::string& first, const std::string& second, std::mt19937& random);

} // namespace tsir::fuzz
