#include "tools/tsir/run_reproducer.h"

#include "lib/base/printable.h"
#include "lib/verify/ir_reproducer.h"

#include <cstdio>

namespace tsir::tool {
namespace {

constexpr std::string_view run_option = "--run-reproducer";

// Removes the option and its value. Returns the file, or nothing if the option is not there.
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
  Replay replay = read_replay(*file, {words.begin() + 1, words.end()});
  std::fprintf(stderr, "tsir: running %s\n", printable(shell_line(replay.words)).c_str());
  const bool loads =
      std::ranges::any_of(words, [](const std::string& word) { return word.starts_with("--load-pass-plugin"); });
  if (!replay.plugins.empty() && !loads) {
    std::fprintf(stderr, "tsir: its passes come from %s: give --load-pass-plugin, if you trust it\n",
                 printable(fmt::format("{}", fmt::join(replay.plugins, ", "))).c_str());
  }
  replay.words.insert(replay.words.end(), {"--reproducers", ""}); // do not make a reproducer of a reproducer
  return std::move(replay.words);
}

} // namespace tsir::tool
