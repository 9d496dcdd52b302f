// What a test says that reading a text or a pass complains of, where it says so: comments as those of MLIR's
// -verify-diagnostics.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace tsir {

struct Diagnostic {
  enum class Severity { error, warning };
  Severity severity = Severity::error;
  size_t line = 0; // of the file, from 1 on; 0: of no line, as the failure of a pass
  std::string what;
};

// All of `# expected-error {{part of the message}}` and `# expected-warning {{…}}` in a text. The line is the
// comment's; with @+1, @-2, @above, @below another one, with @12 that one, with @unknown none. expected-error-re: a
// regular expression. Throws Error(load) with path:line:column for what cannot be understood.
class ExpectedDiagnostics {
public:
  ExpectedDiagnostics(std::string_view text, const std::string& path);

  // What does not go together with what was found, a line each with its place: what was expected and not found, and
  // what was found and not expected. Each of the expected ones stands for one.
  std::vector<std::string> mismatches(const std::vector<Diagnostic>& found) const;

private:
  struct Expected {
    Diagnostic diagnostic;                     // what: as written
    std::optional<std::regex> expression = {}; // of expected-error-re
    size_t written_at = 0;                     // the comment's line
  };
  static bool is(const Expected& expected, const Diagnostic& found);

  std::string path_;
  std::vector<Expected> expected_;
};

} // namespace tsir
