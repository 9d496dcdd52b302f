// The diagnostics that a test expects from the parser or from a pass, and their lines. They are written as comments
// like those of MLIR's -verify-diagnostics.
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
  size_t line = 0; // 1-based line of the file; 0 for a diagnostic without a line, such as the failure of a pass
  std::string what;
};

// Parses all of `# expected-error {{part of the message}}` and `# expected-warning {{…}}` in a text. The expected line
// is the line of the comment. @+1, @-2, @above and @below are relative to it, @12 is line 12, and @unknown means that
// the diagnostic has no line. expected-error-re expects a regular expression. Throws Error(load) with path:line:column
// for invalid comments.
class ExpectedDiagnostics {
public:
  ExpectedDiagnostics(std::string_view text, const std::string& path);

  // The differences between expected and found diagnostics, one line each with its position: diagnostics that were
  // expected but not found, and diagnostics that were found but not expected. Each expected diagnostic matches one
  // found diagnostic.
  std::vector<std::string> mismatches(const std::vector<Diagnostic>& found) const;

private:
  struct Expected {
    Diagnostic diagnostic;                     // `what` is the text in the comment
    std::optional<std::regex> expression = {}; // for expected-error-re
    size_t written_at = 0;                     // the line of the comment
  };
  static bool is(const Expected& expected, const Diagnostic& found);

  std::string path_;
  std::vector<Expected> expected_;
};

} // namespace tsir
