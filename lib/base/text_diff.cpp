// Lines are mapped to numbers, the common prefix and suffix are removed, and dtl finds the shortest edit of the rest.
// Its time grows with the product of lines and changes, so a large middle part is first split at lines that occur
// exactly once in each text.
#include "lib/base/text_diff.h"

#include <dtl/dtl.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tsir {
namespace {

// For two entirely different texts with this product of line counts, dtl takes a fraction of a second.
constexpr size_t largest_product = 10'000'000;

enum class Edit : char { common = ' ', removed = '-', added = '+' };
struct Line {
  Edit edit;
  int id;
};
using Ids = std::span<const int>;

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// Numbers the distinct lines; line_of[number] is the text of a line.
class Lines {
public:
  std::vector<int> ids(std::string_view text) {
    std::vector<int> result;
    for (std::string_view line : split_lines(text)) {
      const auto [at, inserted] = numbers_.try_emplace(line, static_cast<int>(line_of.size()));
      if (inserted) {
        line_of.push_back(line);
      }
      result.push_back(at->second);
    }
    return result;
  }
  std::vector<std::string_view> line_of;

private:
  std::unordered_map<std::string_view, int> numbers_;
};

struct Anchor {
  size_t a;
  size_t b;
};

// The longest sequence of lines that occur exactly once in each text and stand in the same order in both.
std::vector<Anchor> anchors(Ids a, Ids b) {
  struct Count {
    size_t in_a = 0, in_b = 0, at_b = 0;
  };
  std::unordered_map<int, Count> counts;
  for (int id : a) {
    ++counts[id].in_a;
  }
  for (size_t i = 0; i < b.size(); ++i) {
    auto& count = counts[b[i]];
    ++count.in_b;
    count.at_b = i;
  }
  struct Candidate {
    Anchor anchor;
    int before; // index of the previous candidate in the best chain that ends here, or -1
  };
  std::vector<Candidate> candidates;
  std::vector<int> ends; // ends[n]: the candidate with the least b that ends a chain of n + 1
  for (size_t i = 0; i < a.size(); ++i) {
    const Count& count = counts[a[i]];
    if (count.in_a != 1 || count.in_b != 1) {
      continue;
    }
    const auto at = std::lower_bound(ends.begin(), ends.end(), count.at_b, [&](int end, size_t position) {
      return candidates[static_cast<size_t>(end)].anchor.b < position;
    });
    candidates.push_back({{i, count.at_b}, at == ends.begin() ? -1 : *(at - 1)});
    const int index = static_cast<int>(candidates.size()) - 1;
    at == ends.end() ? ends.push_back(index) : void(*at = index);
  }
  std::vector<Anchor> chain;
  for (int i = ends.empty() ? -1 : ends.back(); i >= 0; i = candidates[static_cast<size_t>(i)].before) {
    chain.push_back(candidates[static_cast<size_t>(i)].anchor);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

void shortest_edit(Ids a, Ids b, std::vector<Line>& out) {
  dtl::Diff<int> diff({a.begin(), a.end()}, {b.begin(), b.end()}, true);
  diff.compose();
  for (const auto& [id, info] : diff.getSes().getSequence()) {
    const Edit edit = info.type == dtl::SES_ADD      ? Edit::added
                      : info.type == dtl::SES_DELETE ? Edit::removed
                                                     : Edit::common;
    out.push_back({edit, id});
  }
}

void replace_all(Ids a, Ids b, std::vector<Line>& out) {
  for (int id : a) {
    out.push_back({Edit::removed, id});
  }
  for (int id : b) {
    out.push_back({Edit::added, id});
  }
}

void compare(Ids a, Ids b, std::vector<Line>& out) {
  size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) {
    out.push_back({Edit::common, a[head++]});
  }
  a = a.subspan(head);
  b = b.subspan(head);
  size_t tail = 0;
  while (tail < a.size() && tail < b.size() && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  const Ids end = a.last(tail);
  a = a.first(a.size() - tail);
  b = b.first(b.size() - tail);

  if (!a.empty() && !b.empty() && a.size() <= largest_product / b.size()) {
    shortest_edit(a, b, out);
  } else if (const auto chain = anchors(a, b); chain.empty()) {
    replace_all(a, b, out);
  } else {
    size_t at_a = 0;
    size_t at_b = 0;
    for (const Anchor& anchor : chain) {
      compare(a.subspan(at_a, anchor.a - at_a), b.subspan(at_b, anchor.b - at_b), out);
      out.push_back({Edit::common, a[anchor.a]});
      at_a = anchor.a + 1;
      at_b = anchor.b + 1;
    }
    compare(a.subspan(at_a), b.subspan(at_b), out);
  }
  for (int id : end) {
    out.push_back({Edit::common, id});
  }
}

// A range of lines [begin, end) that is shown as one hunk.
struct Hunk {
  size_t begin;
  size_t end;
};

std::vector<Hunk> hunks(const std::vector<Line>& lines, size_t context) {
  std::vector<Hunk> result;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].edit == Edit::common) {
      continue;
    }
    const size_t begin = i - std::min(i, context);
    const size_t end = std::min(lines.size(), i + 1 + context);
    if (!result.empty() && begin <= result.back().end) {
      result.back().end = end;
    } else {
      result.push_back({begin, end});
    }
  }
  return result;
}

// "12,3", or "12" for a single line. For an empty range, the line before it, as in diff -u.
std::string range(size_t before, size_t count) {
  if (count == 1) {
    return std::to_string(before + 1);
  }
  return fmt::format("{},{}", count == 0 ? before : before + 1, count);
}

void add_line(std::string& out, Edit edit, std::string_view line, bool color) {
  const bool complete = line.ends_with('\n');
  const auto text = complete ? line.substr(0, line.size() - 1) : line;
  const char* start = !color ? "" : edit == Edit::removed ? "\x1b[31m" : edit == Edit::added ? "\x1b[32m" : "";
  out += start;
  out += static_cast<char>(edit);
  out += text;
  out += *start != '\0' ? "\x1b[0m\n" : "\n";
  if (!complete) {
    out += "\\ No newline at end of file\n";
  }
}

} // namespace

std::vector<std::pair<size_t, size_t>> unchanged_positions(Ids before, Ids after) {
  std::vector<Line> items;
  compare(before, after, items);
  std::vector<std::pair<size_t, size_t>> positions;
  size_t a = 0;
  size_t b = 0;
  for (const Line& item : items) {
    if (item.edit == Edit::common) {
      positions.emplace_back(a, b);
    }
    a += item.edit == Edit::added ? 0 : 1;
    b += item.edit == Edit::removed ? 0 : 1;
  }
  return positions;
}

std::string unified_diff(const std::string& before, const std::string& after, bool color, int context) {
  if (before == after) {
    return "";
  }
  Lines table;
  const auto a = table.ids(before);
  const auto b = table.ids(after);
  std::vector<Line> lines;
  compare(a, b, lines);

  std::string out;
  size_t at = 0;
  size_t line_a = 0; // lines of each text before `at`
  size_t line_b = 0;
  const auto count = [&](size_t begin, size_t end, Edit without) {
    return static_cast<size_t>(std::count_if(lines.begin() + static_cast<ptrdiff_t>(begin),
                                             lines.begin() + static_cast<ptrdiff_t>(end),
                                             [&](const Line& line) { return line.edit != without; }));
  };
  for (const Hunk& hunk : hunks(lines, static_cast<size_t>(std::max(context, 0)))) {
    line_a += count(at, hunk.begin, Edit::added);
    line_b += count(at, hunk.begin, Edit::removed);
    const size_t size_a = count(hunk.begin, hunk.end, Edit::added);
    const size_t size_b = count(hunk.begin, hunk.end, Edit::removed);
    const auto header = fmt::format("@@ -{} +{} @@", range(line_a, size_a), range(line_b, size_b));
    out += color ? "\x1b[36m" + header + "\x1b[0m\n" : header + "\n";
    for (size_t i = hunk.begin; i < hunk.end; ++i) {
      add_line(out, lines[i].edit, table.line_of[static_cast<size_t>(lines[i].id)], color);
    }
    at = hunk.end;
    line_a += size_a;
    line_b += size_b;
  }
  return out;
}

} // namespace tsir
