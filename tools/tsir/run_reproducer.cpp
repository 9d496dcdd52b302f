#include "tools/tsir/run_reproducer.h"

#include "lib/base/error.h"
#include "lib/base/printable.h"
#include "lib/base/shell_quoted.h"
#include "lib/verify/ir_reproducer.h"

#include <cstdio>

namespace tsir::tool {
namespace {

constexpr std::string_view run_option = "--run-reproducer";

// Takes the option and its value out. Gives the file, or nothing where the option is not there.
std::optional<std::string> take_file(std::vector<std::string>& words) {
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (*word == run_option && word + 1 != words.end()) {
      std::string file = word[1];
      words.erase(word, word + 2);
      return file;
    }
    if (word->starts_with(run_option) && word->size() > run_option.size() && (*word)[run_option.size()] == '=') {
      std::string file = word->substr(run_option.size() + 1);
      words.erase(word);
      return file;
    }
  }
  return std::nullopt;
}

} // namespace

std::vector<std::string> replayed(std::vector<std::string> words) {
  if (words.empty() || words.front() != "opt") {
    return words;
  }
  const auto file = take_file(words);
  if (!file) {
    return words;
  }
  const auto reproducer = read_reproducer(*file);
  if (!reproducer) {
    throw Error(ErrorKind::load, fmt::format("{} carries no command to replay: there is no `# tsir-reproducer: ` among "
                                             "its first lines",
                                             *file));
  }
  std::vector<std::string> made = reproducer->invocation.words();
  made.insert(made.end(), words.begin() + 1, words.end());
  std::string line = "tsir";
  for (const std::string& word : made) {
    line += " " + shell_quoted(word);
  }
  std::fprintf(stderr, "tsir: running %s\n", printable(line).c_str());
  const bool loads =
      std::ranges::any_of(words, [](const std::string& word) { return word.starts_with("--load-pass-plugin"); });
  if (!reproducer->plugins.empty() && !loads) {
    std::fprintf(stderr, "tsir: its passes come from %s: give --load-pass-plugin, if you trust it\n",
                 printable(fmt::format("{}", fmt::join(reproducer->plugins, ", "))).c_str());
  }
  made.insert(made.end(), {"--reproducers", ""}); // it is one
  return made;
}

} // namespace tsir::tool
