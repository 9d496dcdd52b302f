// The text of a test: which CHECK lines update-checks maintains, and where new ones are inserted.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tsir {

// The options that the first line of a test records.
struct ChecksNote {
  std::vector<std::string> prefixes; // update-checks maintains the lines of these prefixes
  std::string filter;

  std::string line() const;
};

// The CHECK lines of one prefix: one group for each graph of the file, or a single group.
struct PrefixLines {
  std::string prefix;
  std::string part; // of split-file, or ""
  std::vector<std::vector<std::string>> groups;
};

class TestText {
public:
  explicit TestText(const std::string& text);

  // std::nullopt if the first line is not a note. Throws an Error(usage) that begins with `path` if the note is
  // damaged.
  std::optional<ChecksNote> note(const std::string& path) const;
  bool has_lines_of(const std::string& prefix) const;
  // The parts that split-file makes: names and contents.
  std::map<std::string, std::string> parts() const;
  // The text with `note` as its first line, and with the lines of the prefixes in `removed` replaced by `added`.
  std::string with(const ChecksNote& note, const std::set<std::string>& removed,
                   const std::vector<PrefixLines>& added) const;

private:
  std::vector<std::string> lines_; // without line ends
  std::string line_end_ = "\n";
};

} // namespace tsir
