// tsir-complete: completes a command line of tsir for a shell (tools/completions). It does not use LibTorch, whose
// start would take too long.
//
//   tsir-complete words WORD…          the words after "tsir", the last one up to the cursor
//   tsir-complete bash LINE WORDBREAKS   bash's COMP_LINE up to COMP_POINT, and COMP_WORDBREAKS
//
// Prints "files", "folders", "unfinished" (no blank follows a completed word) or "words", and then a line for each
// completion: the word, a tab, what it is. For bash, a word lacks what stands before the last of WORDBREAKS, unless it
// is in quotes.
#include "lib/completion/complete.h"
#include "lib/completion/known_methods.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

fs::path program_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

// Installed, or in the build tree.
tsir::CompletionTable read_table() {
  std::ifstream file(program_folder().parent_path() / "share" / "tsir" / "completions.json");
  return tsir::completion_table(nlohmann::json::parse(file));
}

std::string cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  return cache != nullptr && *cache != '\0' ? std::string(cache) + "/tsir"
                                            : std::string(home != nullptr ? home : "/tmp") + "/.cache/tsir";
}

struct ShellLine {
  Words words;
  bool in_quotes = false; // at its end
};

// Splits a line at blanks, and removes quotes.
ShellLine shell_line(const std::string& line) {
  Words words = {""};
  char quote = '\0';
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      c == quote ? static_cast<void>(quote = '\0') : words.back().push_back(c);
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '\\' && i + 1 < line.size()) {
      words.back().push_back(line[++i]);
    } else if (c == ' ' || c == '\t') {
      if (!words.back().empty()) {
        words.emplace_back();
      }
    } else {
      words.back().push_back(c);
    }
  }
  return {words, quote != '\0'};
}

std::string_view heading(const tsir::Completions& completions) {
  switch (completions.files) {
  case tsir::Completions::Files::files:
    return "files";
  case tsir::Completions::Files::folders:
    return "folders";
  case tsir::Completions::Files::none:
    break;
  }
  return completions.unfinished ? "unfinished" : "words";
}

int run(const Words& arguments) {
  const bool bash = arguments.size() == 3 && arguments[0] == "bash";
  if (!bash && (arguments.size() < 2 || arguments[0] != "words")) {
    std::cerr << "usage: tsir-complete words WORD…, or tsir-complete bash LINE WORDBREAKS\n";
    return 2;
  }
  Words words(arguments.begin() + 1, arguments.end());
  size_t kept = 0; // what bash keeps of the word
  if (bash) {
    const ShellLine line = shell_line(arguments[1]);
    words.assign(line.words.begin() + 1, line.words.end()); // without tsir
    const size_t last = words.empty() || line.in_quotes ? std::string::npos : words.back().find_last_of(arguments[2]);
    kept = last == std::string::npos ? 0 : last + 1;
  }
  const std::string tsir = (program_folder() / "tsir").string();
  const tsir::Completions completions = tsir::complete(
      read_table(), words, [&](const std::string& file) { return tsir::known_methods(tsir, file, cache_folder()); });
  std::cout << heading(completions) << '\n';
  for (const tsir::DescribedWord& word : completions.words) {
    std::cout << word.word.substr(std::min(kept, word.word.size())) << '\t' << word.help << '\n';
  }
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) { // no completions, and nothing on the user's screen
    return 1;
  }
}
