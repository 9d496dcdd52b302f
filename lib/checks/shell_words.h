// Command lines as lit's own shell reads them, as far as RUN lines of .ir tests need it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tsir {

// One program of a pipe.
struct PipeStage {
  std::vector<std::string> words;
  bool errors_to_output = false; // 2>&1
  bool drops_errors = false;     // 2>/dev/null
  bool drops_output = false;     // >/dev/null: what is left are the errors, where they were sent to the output before
};

// Splits `command` at its pipes and blanks; quotes and backslashes are resolved. Throws Error(usage), beginning with
// `where`, for what needs a whole shell: other redirections, lists of commands, patterns, variables.
std::vector<PipeStage> split_pipe(std::string_view command, const std::string& where);

} // namespace tsir
