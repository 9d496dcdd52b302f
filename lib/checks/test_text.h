// The text of a test: whose lines are whose, and where new ones go.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tsir {

// What the first line of a test remembers.
struct ChecksNote {
  std::vector<std::string> prefixes; // whose lines update-checks writes
  std::string filter;

  std::string line() const;
};

// The lines of one prefix, in groups that go to one graph of the file each, or a single group.
struct PrefixLines {
  std::string prefix;
  std::string part; // of split-file, or ""
  std::vector<std::vector<std::string>> groups;
};

class TestText {
public:
  explicit TestText(const std::string& text);

  // Nothing where the first line is none. Throws Error(usage), beginning with `path`, where it is damaged.
  std::optional<ChecksNote> note(const std::string& path) const;
  bool has_lines_of(const std::string& prefix) const;
  // Parts as split-file makes them: name and contents.
  std::map<std::string, std::string> parts() const;
  // The text with the lines of `removed` replaced by those in `added`, and `note` as its first line.
  std::string with(const ChecksNote& note, const std::set<std::string>& removed,
                   const std::vector<PrefixLines>& added) const;

private:
  std::vector<std::string> lines_; // without line ends
  std::string line_end_ = "\n";
};

} // namespace tsir
