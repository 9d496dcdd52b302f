// Reads words out of small files. Uses only the standard library, because the launcher is linked statically.
#pragma once

#include <filesystem>
#include <string>

namespace tsir::launcher {

// The bytes of a file; "" if it cannot be read.
std::string contents(const std::filesystem::path& file);

// The text between `start` and the next quote or blank; "" if `start` is not in the text.
std::string word_after(const std::string& text, const std::string& start);

} // namespace tsir::launcher
