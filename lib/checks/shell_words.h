// Splits command lines like lit's internal shell, to the extent that RUN lines of .ir tests need it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tsir {

// One program of a pipeline.
struct PipeStage {
  std::vector<std::string> words;
  bool errors_to_output = false; // 2>&1
  bool drops_errors = false;     // 2>/dev/null
  bool drops_output = false;     // >/dev/null; standard error remains if it was redirected to the output before
};

// Splits `command` at pipes and blanks, and resolves quotes and backslashes. Throws an Error(usage) that begins with
// `where` for everything that needs a real shell: other redirections, command lists, patterns, variables.
std::vector<PipeStage> split_pipe(std::string_view command, const std::string& where);

} // namespace tsir
