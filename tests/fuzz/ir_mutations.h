// Damage that .ir text can still be read after: whole words and lines change, where libFuzzer's own mutations change
// bytes.
#pragma once

#include <random>
#include <string>

namespace tsir::fuzz {

// `text` with one change more.
std::string changed(std::string text, std::mt19937& random);

// The beginning of one and the end of the other, each cut at a line.
std::string crossed(const std::string& first, const std::string& second, std::mt19937& random);

} // namespace tsir::fuzz
