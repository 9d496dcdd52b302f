#include "lib/checks/expected_diagnostics.h"

#include "lib/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tsir {
namespace {

std::string_view name_of(Diagnostic::Severity severity) {
  return severity == Diagnostic::Severity::error ? "error" : "warning";
}

// Parses one line from its beginning.
class CommentReader {
public:
  CommentReader(std::string_view line, size_t number, const std::string& path)
      : line_(line), number_(number), path_(path) {}

  // Skips past the next `expected-error` or `expected-warning`.
  std::optional<Diagnostic::Severity> next() {
    for (; at_ < line_.size(); ++at_) {
      if (skip("expected-error")) {
        return Diagnostic::Severity::error;
      }
      if (skip("expected-warning")) {
        return Diagnostic::Severity::warning;
      }
    }
    return std::nullopt;
  }

  bool skip(std::string_view word) {
    if (!line_.substr(at_).starts_with(word)) {
      return false;
    }
    at_ += word.size();
    return true;
  }

  // Parses the line reference after @.
  size_t line() {
    if (skip("unknown")) {
      return 0;
    }
    if (skip("above")) {
      return before(1);
    }
    if (skip("below")) {
      return number_ + 1;
    }
    const bool back = skip("-");
    const bool relative = back || skip("+");
    const size_t by = number();
    if (back) {
      return before(by);
    }
    return relative ? number_ + by : by;
  }

  // {{text}}
  std::string text() {
    while (skip(" ")) {
    }
    const size_t end = line_.find("}}", at_);
    if (end == std::string_view::npos || !skip("{{")) {
      fail("expected {{a part of the message}}");
    }
    const std::string_view found = line_.substr(at_, end - at_);
    at_ = end + 2;
    return std::string(found);
  }

  std::regex expression(const std::string& text) const {
    try {
      return std::regex(text);
    } catch (const std::regex_error& error) {
      fail(fmt::format("invalid regular expression: {}", error.what()));
    }
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::load, fmt::format("{}:{}:{}: {}", path_, number_, at_ + 1, what));
  }

private:
  size_t before(size_t by) const {
    if (by >= number_) {
      fail("there is no such line");
    }
    return number_ - by;
  }

  size_t number() {
    size_t found = 0;
    const auto [end, error] = std::from_chars(line_.data() + at_, line_.data() + line_.size(), found);
    if (error != std::errc()) {
      fail("expected a line after @: +1, -1, 12, above, below or unknown");
    }
    at_ = static_cast<size_t>(end - line_.data());
    return found;
  }

  std::string_view line_;
  size_t number_;
  const std::string& path_;
  size_t at_ = 0;
};

} // namespace

ExpectedDiagnostics::ExpectedDiagnostics(std::string_view text, const std::string& path) : path_(path) {
  size_t number = 1;
  for (size_t start = 0; start < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', start), text.size());
    CommentReader reader(text.substr(start, end - start), number, path);
    while (const auto severity = reader.next()) {
      Expected expected{{*severity, number, ""}, {}, number};
      const bool is_expression = reader.skip("-re");
      if (reader.skip("@")) {
        expected.diagnostic.line = reader.line();
      }
      expected.diagnostic.what = reader.text();
      if (is_expression) {
        expected.expression = reader.expression(expected.diagnostic.what);
      }
      expected_.push_back(std::move(expected));
    }
    start = end + 1;
  }
}

bool ExpectedDiagnostics::is(const Expected& expected, const Diagnostic& found) {
  return expected.diagnostic.severity == found.severity && expected.diagnostic.line == found.line &&
         (expected.expression ? std::regex_search(found.what, *expected.expression)
                              : found.what.find(expected.diagnostic.what) != std::string::npos);
}

std::vector<std::string> ExpectedDiagnostics::mismatches(const std::vector<Diagnostic>& found) const {
  std::vector<std::string> lines;
  std::vector<Expected> open = expected_;
  for (const Diagnostic& one : found) {
    const auto match = std::ranges::find_if(open, [&](const Expected& expected) { return is(expected, one); });
    if (match != open.end()) {
      open.erase(match);
    } else {
      const std::string place = one.line > 0 ? fmt::format("{}:{}", path_, one.line) : path_;
      lines.push_back(fmt::format("{}: unexpected {}: {}", place, name_of(one.severity), one.what));
    }
  }
  for (const Expected& expected : open) {
    const size_t line = expected.diagnostic.line;
    const std::string of = line == 0                     ? " without a line"
                           : line == expected.written_at ? ""
                                                         : fmt::format(" at line {}", line);
    lines.push_back(fmt::format("{}:{}: the expected {}{} was not reported: {}", path_, expected.written_at,
                                name_of(expected.diagnostic.severity), of, expected.diagnostic.what));
  }
  return lines;
}

} // namespace tsir
