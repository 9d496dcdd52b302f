// What can stand on tsir's command line: the data from which shells complete it. `tsir completions --table` writes it,
// and tsir-complete reads it, which takes milliseconds where LibTorch would have to start.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace tsir {

// A word, and one line about it.
struct DescribedWord {
  std::string word;
  std::string help;
};

// What the value of an option or a positional argument is.
enum class ValueKind { none, text, file, folder, pipeline, pass, method, input, choice };

struct CompletedOption {
  std::vector<std::string> names; // "-p", "--passes"; empty for a positional argument
  std::string help;
  ValueKind kind = ValueKind::none; // none: a flag
  bool joined = false;              // the value may be left out, and follows "=" if it is given
  std::vector<DescribedWord> choices;
};

struct CompletedSubcommand {
  std::string name;
  std::string help;
  std::vector<CompletedOption> options;
  std::vector<CompletedOption> positionals;
};

struct CompletedPass {
  std::string name; // of a pass or preset, or an alias
  std::string help;
  std::vector<CompletedOption> options; // names without dashes
};

struct CompletionTable {
  std::vector<CompletedOption> options; // of tsir itself
  std::vector<CompletedSubcommand> subcommands;
  std::vector<CompletedPass> passes;
  std::vector<DescribedWord> inputs; // beginnings of an input: "float32["
  std::vector<DescribedWord> fills;  // what may follow the "=" of a tensor: "zeros"
};

nlohmann::json to_json(const CompletionTable& table);
// Throws nlohmann::json::exception if it is not such a table.
CompletionTable completion_table(const nlohmann::json& json);

} // namespace tsir
