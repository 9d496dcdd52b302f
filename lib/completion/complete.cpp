#include "lib/completion/complete.h"

#include <algorithm>
#include <optional>

namespace tsir {
namespace {

bool has_name(const CompletedOption& option, std::string_view name) {
  return std::ranges::find(option.names, name) != option.names.end();
}

const CompletedOption* find_option(const std::vector<CompletedOption>& options, std::string_view name) {
  const auto found =
      std::ranges::find_if(options, [&](const CompletedOption& option) { return has_name(option, name); });
  return found == options.end() ? nullptr : &*found;
}

// Whether the word after this option is its value.
bool takes_next_word(const CompletedOption& option) {
  return option.kind != ValueKind::none && !option.joined;
}

std::vector<DescribedWord> names_of(const std::vector<CompletedOption>& options, std::string_view text) {
  std::vector<DescribedWord> words;
  for (const CompletedOption& option : options) {
    for (const std::string& name : option.names) {
      words.push_back({name, option.help});
    }
  }
  return matching(words, text);
}

// The command line of a subcommand up to the cursor.
class Line {
public:
  Line(const CompletionTable& table, const CompletedSubcommand& subcommand, std::span<const std::string> words,
       const MethodsOf& methods)
      : table_(table), subcommand_(subcommand), methods_(methods) {
    read(words);
  }

  Completions complete() const {
    if (option_ != nullptr) {
      return value_of(*option_, word_, "");
    }
    if (const size_t equals = word_.find('='); word_.starts_with("--") && equals != std::string::npos) {
      const CompletedOption* option = find_option(subcommand_.options, word_.substr(0, equals));
      return option == nullptr ? Completions()
                               : value_of(*option, word_.substr(equals + 1), word_.substr(0, equals + 1));
    }
    if (word_.starts_with('-')) {
      return {.words = names_of(subcommand_.options, word_)};
    }
    if (subcommand_.positionals.empty()) {
      return {};
    }
    const size_t place = std::min(positionals_.size(), subcommand_.positionals.size() - 1);
    return value_of(subcommand_.positionals[place], word_, "");
  }

private:
  void read(std::span<const std::string> words) {
    for (size_t i = 0; i + 1 < words.size(); ++i) {
      const CompletedOption* option = find_option(subcommand_.options, words[i]);
      if (option != nullptr && takes_next_word(*option)) {
        option_ = i + 2 == words.size() ? option : nullptr;
        ++i;
      } else if (!words[i].starts_with('-')) {
        positionals_.push_back(words[i]);
      }
    }
    word_ = words.back();
  }

  // `before`: what stands before the value in the same word.
  Completions value_of(const CompletedOption& option, const std::string& text, const std::string& before) const {
    Completions completions;
    switch (option.kind) {
    case ValueKind::file:
      completions.files = Completions::Files::files;
      break;
    case ValueKind::folder:
      completions.files = Completions::Files::folders;
      break;
    case ValueKind::pipeline:
      completions = complete_pipeline(table_, text);
      break;
    case ValueKind::pass:
      completions.words = complete_pipeline(table_, text.substr(0, text.find_first_of(",{"))).words;
      break;
    case ValueKind::input:
      return input(text, before);
    case ValueKind::method:
      completions.words = matching(methods_on_line(), text);
      break;
    case ValueKind::choice:
      completions.words = matching(option.choices, text);
      break;
    case ValueKind::text:
    case ValueKind::none:
      break;
    }
    for (DescribedWord& word : completions.words) {
      word.word = before + word.word;
    }
    return completions;
  }

  // A dtype, and the fill after "]=".
  Completions input(const std::string& text, const std::string& before) const {
    const size_t fill = text.rfind("]=");
    const bool fills = fill != std::string::npos;
    const std::string typed = fills ? text.substr(0, fill + 2) : "";
    return {.words = matching(fills ? table_.fills : table_.inputs, text.substr(typed.size()), before + typed),
            .unfinished = true};
  }

  std::vector<DescribedWord> methods_on_line() const {
    std::vector<DescribedWord> words;
    if (!positionals_.empty()) {
      for (std::string& name : methods_(positionals_.front())) {
        words.push_back({std::move(name), "method of " + positionals_.front()});
      }
    }
    return words;
  }

  const CompletionTable& table_;
  const CompletedSubcommand& subcommand_;
  const MethodsOf& methods_;
  std::vector<std::string> positionals_;    // before the word
  const CompletedOption* option_ = nullptr; // whose value the word is
  std::string word_;
};

} // namespace

Completions complete(const CompletionTable& table, const std::vector<std::string>& words, const MethodsOf& methods) {
  size_t at = 0;
  while (at + 1 < words.size() && words[at].starts_with('-')) { // flags of tsir itself
    ++at;
  }
  if (at + 1 >= words.size()) {
    const std::string word = words.empty() ? "" : words.back();
    if (word.starts_with('-')) {
      return {.words = names_of(table.options, word)};
    }
    std::vector<DescribedWord> names;
    for (const CompletedSubcommand& subcommand : table.subcommands) {
      names.push_back({subcommand.name, subcommand.help});
    }
    return {.words = matching(names, word)};
  }
  const auto subcommand = std::ranges::find(table.subcommands, words[at], &CompletedSubcommand::name);
  if (subcommand == table.subcommands.end()) {
    return {};
  }
  return Line(table, *subcommand, std::span(words).subspan(at + 1), methods).complete();
}

} // namespace tsir
