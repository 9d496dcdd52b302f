// Small pieces of a page.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tsir {

// "<td>text</td>", escaped.
std::string element(std::string_view name, std::string_view text, std::string_view attributes = "");
// The text with an interval "[1.40, 1.44]" that is not broken into lines.
std::string with_whole_interval(std::string text);
// A verdict as a coloured word: "identical", "FASTER 1.42x [1.40, 1.44]". "" for "".
std::string verdict_html(const std::string& word, const std::string& text);

// Names and texts, or names and command lines, as a list.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;
std::string facts_html(const NamedTexts& facts);
std::string commands_html(const NamedTexts& commands);

} // namespace tsir
