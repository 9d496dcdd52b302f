#include "lib/checks/test_text.h"

#include "lib/base/error.h"
#include "lib/base/shell_quoted.h"
#include "lib/checks/check_lines.h"
#include "lib/checks/shell_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>
#include <sstream>

namespace tsir {
namespace {

constexpr std::string_view note_start = "# NOTE: written by tsir update-checks";

// The FileCheck prefix of a line; "" for other lines.
std::string prefix_of(const std::string& line) {
  static const std::regex check(
      R"(^\s*#\s*([A-Za-z][\w-]*?)(-NEXT|-SAME|-LABEL|-NOT|-DAG|-EMPTY|-COUNT-[0-9]+)?(\{[A-Z,]+\})?:.*)");
  std::smatch match;
  return std::regex_match(line, match, check) ? match[1].str() : "";
}

// The name of the part that begins after this line; "" for other lines.
std::string part_of(const std::string& line) {
  static const std::regex marker(R"(^(?:.|//)--- (\S.*?)\s*$)");
  std::smatch match;
  return std::regex_match(line, match, marker) ? match[1].str() : "";
}

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

// Lines that belong to one graph of one part.
struct Section {
  std::string part;
  size_t begin;
  size_t end;
};

std::vector<Section> sections_of(const std::vector<std::string>& lines) {
  std::vector<Section> sections{{"", 0, 0}};
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string part = part_of(lines[i]);
    if (!part.empty() || is_separator(lines[i])) {
      const std::string name = part.empty() ? sections.back().part : part;
      sections.back().end = i;
      sections.push_back({name, i, i});
    }
  }
  sections.back().end = lines.size();
  return sections;
}

// Writes the new lines at the place of the first old line of the prefix, or at the end of the section.
class SectionWriter {
public:
  SectionWriter(const std::vector<std::string>& lines, const Section& section, const std::set<std::string>& removed)
      : removed_(removed), last_(section.end == lines.size()) {
    for (size_t i = section.begin; i < section.end; ++i) {
      rest_.push_back(lines[i]);
    }
  }

  bool has(const std::string& prefix) const {
    return std::any_of(rest_.begin(), rest_.end(), [&](const std::string& line) { return prefix_of(line) == prefix; });
  }

  void add(const std::string& prefix, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      added_[prefix].push_back(fmt::format("# {}{}", prefix, line));
    }
    order_.push_back(prefix);
  }

  void write(std::vector<std::string>& to) {
    std::set<std::string> written;
    std::vector<std::string> text;
    for (const std::string& line : rest_) {
      const std::string prefix = prefix_of(line);
      if (removed_.count(prefix) == 0) {
        // Two blank lines in a row are merged if nothing is left between them.
        if (!(is_blank(line) && cut_ && !text.empty() && is_blank(text.back()))) {
          text.push_back(line);
        }
        cut_ = false;
        continue;
      }
      cut_ = added_.count(prefix) == 0;
      if (written.insert(prefix).second) {
        append(text, prefix);
      }
    }
    add_at_end(text, written);
    to.insert(to.end(), text.begin(), text.end());
  }

private:
  void append(std::vector<std::string>& text, const std::string& prefix) {
    const auto& lines = added_[prefix];
    text.insert(text.end(), lines.begin(), lines.end());
  }

  void add_at_end(std::vector<std::string>& text, std::set<std::string>& written) {
    const size_t before = written.size();
    std::vector<std::string> blanks;
    while (!text.empty() && is_blank(text.back())) {
      blanks.push_back(text.back());
      text.pop_back();
    }
    for (const std::string& prefix : order_) {
      if (written.insert(prefix).second && !added_[prefix].empty()) {
        text.emplace_back();
        append(text, prefix);
      }
    }
    if (blanks.empty() && written.size() > before && !last_) {
      text.emplace_back();
    }
    text.insert(text.end(), blanks.begin(), blanks.end());
  }

  const std::set<std::string>& removed_;
  bool last_;
  std::vector<std::string> rest_;
  std::map<std::string, std::vector<std::string>> added_;
  std::vector<std::string> order_;
  bool cut_ = false;
};

// The section for each group of `lines`.
std::vector<size_t> places_for(const PrefixLines& lines, const std::vector<Section>& sections,
                               const std::vector<SectionWriter>& writers) {
  std::vector<size_t> of_part;
  for (size_t i = 0; i < sections.size(); ++i) {
    if (sections[i].part == lines.part) {
      of_part.push_back(i);
    }
  }
  if (lines.groups.size() == of_part.size()) {
    return of_part;
  }
  size_t place = of_part.back();
  for (size_t i = sections.size(); i-- > 0;) {
    if (writers[i].has(lines.prefix)) {
      place = i;
    }
  }
  return std::vector<size_t>(lines.groups.size(), place);
}

} // namespace

std::string ChecksNote::line() const {
  std::string text = fmt::format("{} --prefix={}", note_start, fmt::join(prefixes, ","));
  return filter.empty() ? text : text + " --filter=" + shell_quoted(filter);
}

TestText::TestText(const std::string& text) {
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && line.back() == '\r') {
      line_end_ = "\r\n";
      line.pop_back();
    }
    lines_.push_back(line);
  }
}

std::optional<ChecksNote> TestText::note(const std::string& path) const {
  if (lines_.empty() || !lines_[0].starts_with(note_start)) {
    return std::nullopt;
  }
  ChecksNote note;
  const std::string where = path + ":1";
  const std::vector<PipeStage> stages = split_pipe("note" + lines_[0].substr(note_start.size()), where);
  for (const std::string& word : stages[0].words) {
    if (word.starts_with("--prefix=")) {
      std::istringstream list(word.substr(9));
      for (std::string prefix; std::getline(list, prefix, ',');) {
        note.prefixes.push_back(prefix);
      }
    } else if (word.starts_with("--filter=")) {
      note.filter = word.substr(9);
    } else if (word != "note") {
      throw Error(ErrorKind::usage,
                  fmt::format("{}: unknown option '{}' in the note of update-checks; expected --prefix= or --filter=",
                              where, word));
    }
  }
  return note;
}

bool TestText::has_lines_of(const std::string& prefix) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const std::string& line) { return prefix_of(line) == prefix; });
}

std::map<std::string, std::string> TestText::parts() const {
  std::map<std::string, std::string> parts;
  std::string* part = nullptr;
  for (const std::string& line : lines_) {
    if (const std::string name = part_of(line); !name.empty()) {
      part = &parts[name];
    } else if (part != nullptr) {
      *part += line + line_end_;
    }
  }
  return parts;
}

std::string TestText::with(const ChecksNote& note, const std::set<std::string>& removed,
                           const std::vector<PrefixLines>& added) const {
  const std::vector<Section> sections = sections_of(lines_);
  std::vector<SectionWriter> writers;
  writers.reserve(sections.size());
  for (const Section& section : sections) {
    writers.emplace_back(lines_, section, removed);
  }
  for (const PrefixLines& lines : added) {
    const std::vector<size_t> places = places_for(lines, sections, writers);
    for (size_t i = 0; i < lines.groups.size(); ++i) {
      writers[places[i]].add(lines.prefix, lines.groups[i]);
    }
  }
  std::vector<std::string> result{note.line()};
  for (SectionWriter& writer : writers) {
    writer.write(result);
  }
  if (result.size() > 1 && result[1].starts_with(note_start)) {
    result.erase(result.begin() + 1);
  }
  while (is_blank(result.back())) {
    result.pop_back();
  }
  return fmt::format("{}{}", fmt::join(result, line_end_), line_end_);
}

} // namespace tsir
