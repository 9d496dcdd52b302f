// Completes the word that the cursor is in.
#pragma once

#include "lib/completion/table.h"

#include <functional>

namespace tsir {

struct Completions {
  enum class Files { none, files, folders };
  std::vector<DescribedWord> words; // the whole word each, not only what is missing
  Files files = Files::none;        // the shell completes names of files instead
  bool unfinished = false;          // no blank follows a completed word, because more belongs to it
};

// Lists the methods of a model file; empty if it cannot be read.
using MethodsOf = std::function<std::vector<std::string>(const std::string& file)>;

// `words`: those after "tsir"; the last one is the word to complete, up to the cursor, and may be empty. Quotes have
// been removed.
Completions complete(const CompletionTable& table, const std::vector<std::string>& words, const MethodsOf& methods);

// Completes a pipeline: names of passes, and within braces their options and values.
Completions complete_pipeline(const CompletionTable& table, const std::string& text);

// The choices that begin with `text`, each after `before`.
std::vector<DescribedWord> matching(const std::vector<DescribedWord>& choices, std::string_view text,
                                    const std::string& before = "");

} // namespace tsir
