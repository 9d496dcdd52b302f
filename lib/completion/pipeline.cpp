#include "lib/completion/complete.h"

#include <algorithm>

namespace tsir {
namespace {

// Where the word that is being typed stands in a pipeline.
struct PipelinePlace {
  size_t pass = 0;  // where the pass's name begins
  size_t brace = 0; // where its brace opens; 0 if the cursor is not within braces
  size_t word = 0;  // within braces: where the option begins
};

PipelinePlace place_in(std::string_view text) {
  PipelinePlace place;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{') {
      place.brace = i;
      place.word = i + 1;
    } else if (c == '}') {
      place.brace = 0;
    } else if (place.brace != 0 && c == ' ') {
      place.word = i + 1;
    } else if (place.brace == 0 && c == ',') {
      place.pass = i + 1;
    }
  }
  return place;
}

std::vector<DescribedWord> names_of(const std::vector<CompletedOption>& options) {
  std::vector<DescribedWord> words;
  for (const CompletedOption& option : options) {
    words.push_back({option.names.front() + "=", option.help});
  }
  return words;
}

// Completes an option of the pass, or the value of one.
std::vector<DescribedWord> options_of(const CompletedPass& pass, const std::string& before, std::string_view word) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos) {
    return matching(names_of(pass.options), word, before);
  }
  const auto found = std::ranges::find_if(
      pass.options, [&](const CompletedOption& option) { return option.names.front() == word.substr(0, equals); });
  return found == pass.options.end()
             ? std::vector<DescribedWord>()
             : matching(found->choices, word.substr(equals + 1), before + std::string(word.substr(0, equals + 1)));
}

} // namespace

std::vector<DescribedWord> matching(const std::vector<DescribedWord>& choices, std::string_view text,
                                    const std::string& before) {
  std::vector<DescribedWord> found;
  for (const DescribedWord& choice : choices) {
    if (choice.word.starts_with(text)) {
      found.push_back({before + choice.word, choice.help});
    }
  }
  return found;
}

Completions complete_pipeline(const CompletionTable& table, const std::string& text) {
  const PipelinePlace place = place_in(text);
  Completions completions;
  completions.unfinished = true;
  if (place.brace == 0) {
    std::vector<DescribedWord> names;
    for (const CompletedPass& pass : table.passes) {
      names.push_back({pass.name, pass.help});
    }
    completions.words = matching(names, std::string_view(text).substr(place.pass), text.substr(0, place.pass));
    return completions;
  }
  const std::string name = text.substr(place.pass, place.brace - place.pass);
  const auto pass = std::ranges::find(table.passes, name, &CompletedPass::name);
  if (pass != table.passes.end()) {
    completions.words = options_of(*pass, text.substr(0, place.word), std::string_view(text).substr(place.word));
  }
  return completions;
}

} // namespace tsir
