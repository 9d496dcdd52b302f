#include "tests/fuzz/ir_mutations.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace tsir::fuzz {
namespace {

using Span = std::pair<size_t, size_t>; // where it begins, how long it is

size_t below(size_t limit, std::mt19937& random) {
  return limit == 0 ? 0 : random() % limit;
}

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("_.%").find(c) != std::string_view::npos;
}

// Names, numbers and names of values.
std::vector<Span> words_of(std::string_view text) {
  std::vector<Span> words;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && in_word(text[end])) {
      ++end;
    }
    if (end > at) {
      words.emplace_back(at, end - at);
    }
    at = end + 1;
  }
  return words;
}

std::vector<Span> lines_of(std::string_view text) {
  std::vector<Span> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.emplace_back(at, end - at);
    at = end;
  }
  return lines;
}

// From an opening bracket to its closing bracket, or to the end.
Span bracketed(std::string_view text, std::mt19937& random) {
  const size_t start = text.find_first_of("([{", below(text.size(), random));
  if (start == std::string_view::npos) {
    return {0, 0};
  }
  size_t depth = 0;
  size_t end = start;
  for (; end < text.size(); ++end) {
    depth += std::string_view("([{").find(text[end]) != std::string_view::npos ? 1 : 0;
    depth -= std::string_view(")]}").find(text[end]) != std::string_view::npos ? 1 : 0;
    if (depth == 0) {
      return {start, end + 1 - start};
    }
  }
  return {start, end - start};
}

Span any_of(const std::vector<Span>& spans, std::mt19937& random) {
  return spans.empty() ? Span{0, 0} : spans[below(spans.size(), random)];
}

std::string part(const std::string& text, Span span) {
  return text.substr(span.first, span.second);
}

// Removes, duplicates, moves or replaces one part.
std::string rearranged(std::string text, Span one, Span other, std::mt19937& random) {
  const std::string moved = part(text, one);
  switch (below(4, random)) {
  case 0:
    return text.erase(one.first, one.second);
  case 1:
    return text.insert(one.first, moved);
  case 2:
    return text.insert(other.first, moved);
  default:
    return text.replace(other.first, other.second, moved);
  }
}

} // namespace

std::string changed(std::string text, std::mt19937& random) {
  switch (below(3, random)) {
  case 0: {
    const std::vector<Span> words = words_of(text);
    return rearranged(text, any_of(words, random), any_of(words, random), random);
  }
  case 1: {
    const std::vector<Span> lines = lines_of(text);
    return rearranged(text, any_of(lines, random), any_of(lines, random), random);
  }
  default:
    return rearranged(text, bracketed(text, random), bracketed(text, random), random);
  }
}

std::string crossed(const std::string& first, const std::string& second, std::mt19937& random) {
  return first.substr(0, any_of(lines_of(first), random).first) + second.substr(any_of(lines_of(second), random).first);
}

} // namespace tsir::fuzz
