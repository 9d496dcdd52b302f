// Command lines that reproduce something. This is the one place that builds them, and parses those in files.
#pragma once

#include "lib/workload/workload.h"

namespace tsir {

// `tsir SUBCOMMAND FILE --name value …`
class Invocation {
public:
  // An option with its value; a flag has no value.
  struct Argument {
    std::string name; // "--passes"
    std::optional<std::string> value = {};
    bool operator==(const Argument&) const = default;
  };

  Invocation() = default;
  Invocation(std::string subcommand, std::string file) : subcommand_(std::move(subcommand)), file_(std::move(file)) {}
  // Parses words as options() returns them. `takes_value` says for each option whether a value follows it; what it
  // throws is passed on. Throws Error(load) if a value is missing.
  static Invocation parse(std::string subcommand, std::string file, const std::vector<std::string>& options,
                          const std::function<bool(const std::string& name)>& takes_value);

  Invocation& add(std::string name, std::string value);
  Invocation& add_flag(std::string name);
  // Adds a word after all options: another file, or a part of a command.
  Invocation& add_word(std::string word);
  // The part of a workload that a command must repeat. all: everything. saved_unit: not how the original file was
  // opened, because the unit was saved as the passes found it. graph_not_run: nor the inputs, because the graph is
  // never run.
  enum class Part { all, saved_unit, graph_not_run };
  // Adds those options of the workload that the subcommand takes, in a fixed order. Options that have their default
  // value are left out; files are given by absolute paths.
  Invocation& add(const Workload& workload, Part part = Part::all);

  const std::string& subcommand() const { return subcommand_; }
  const std::string& file() const { return file_; }
  const std::vector<Argument>& arguments() const { return arguments_; }
  // The words after the file.
  std::vector<std::string> options() const;
  // All words as main() receives them, without the program's name.
  std::vector<std::string> words() const;
  // The line for a shell: "tsir verify 'my model.pt' --passes cse".
  std::string line() const;
  bool operator==(const Invocation&) const = default;

private:
  std::string subcommand_;
  std::string file_;
  std::vector<Argument> arguments_;
  std::vector<std::string> more_words_;
};

// `tsir WORD …`, quoted for a shell.
std::string shell_line(const std::vector<std::string>& words);

// An option that says something of a workload.
struct WorkloadOption {
  std::string name; // "--seed"
  bool is_flag = false;
  bool of_source = false;  // says how the original file is opened: has no meaning for a unit that was saved from it
  bool of_inputs = false;  // describes inputs: has no meaning for a graph that is never run
  bool of_machine = false; // names files of this machine: a text from elsewhere must not set it
  bool proof = false;      // only verify, bisect, reduce and report take it
  bool executor = false;   // only subcommands that choose an executor take it
  // The values to write; none if the option has its default value; one empty value for a flag.
  std::function<std::vector<std::string>(const Workload&)> write;
  // Throws Error(usage) on an invalid value.
  std::function<void(Workload&, const std::string&)> read;
};
// All options, in the order in which they are written.
const std::vector<WorkloadOption>& workload_options();
// Returns nullptr if there is no such option.
const WorkloadOption* find_workload_option(std::string_view name);
// Whether the subcommand has the option.
bool takes(const std::string& subcommand, const WorkloadOption& option);

// The workload that an invocation describes. Options that belong to the subcommand are ignored.
Workload workload_of(const Invocation& invocation);

} // namespace tsir
