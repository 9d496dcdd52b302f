// Command lines that reproduce something: the one place that builds them, and reads back those that files carry.
#pragma once

#include "lib/workload/workload.h"

namespace tsir {

// `tsir SUBCOMMAND FILE --name value …`
class Invocation {
public:
  // A value that is absent: a flag.
  struct Argument {
    std::string name; // "--passes"
    std::optional<std::string> value = {};
    bool operator==(const Argument&) const = default;
  };

  Invocation() = default;
  Invocation(std::string subcommand, std::string file) : subcommand_(std::move(subcommand)), file_(std::move(file)) {}
  // From words such as words() gives, without the file. `takes_value` tells of each option whether a value follows it;
  // throws what it throws. Throws Error(load) where a value is missing.
  static Invocation parse(std::string subcommand, std::string file, const std::vector<std::string>& options,
                          const std::function<bool(const std::string& name)>& takes_value);

  Invocation& add(std::string name, std::string value);
  Invocation& add_flag(std::string name);
  // A further word, behind all options: another file, or a part of a command.
  Invocation& add_word(std::string word);
  // The part of a workload that a command has to say again: all of it; without how the original file was opened, where
  // the unit was saved as the passes found it; and without inputs too, where the graph is never run.
  enum class Part { all, saved_unit, graph_not_run };
  // Adds what the subcommand takes of it, in a fixed order. What is the default everywhere is left out; files are named
  // by their whole paths.
  Invocation& add(const Workload& workload, Part part = Part::all);

  const std::string& subcommand() const { return subcommand_; }
  const std::string& file() const { return file_; }
  const std::vector<Argument>& arguments() const { return arguments_; }
  // What stands behind the file.
  std::vector<std::string> options() const;
  // As main() gets them, without the program's name.
  std::vector<std::string> words() const;
  // "tsir verify 'my model.pt' --passes cse", for a shell.
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
  bool of_source = false;  // says how the original file is opened: means nothing for a unit that was saved from it
  bool of_inputs = false;  // says something of inputs: means nothing for a graph that is never run
  bool of_machine = false; // names files of the machine: a text from elsewhere must not
  bool proof = false;      // only verify, bisect and reduce take it
  bool executor = false;   // only subcommands that choose an executor take it
  // The values to write, none where that is the default; for flags one empty value.
  std::function<std::vector<std::string>(const Workload&)> write;
  // Throws Error(usage) on a value that makes no sense.
  std::function<void(Workload&, const std::string&)> read;
};
// In the order in which they are written.
const std::vector<WorkloadOption>& workload_options();
// nullptr where it is not one.
const WorkloadOption* find_workload_option(std::string_view name);
// Whether `tsir subcommand` has it.
bool takes(const std::string& subcommand, const WorkloadOption& option);

// The workload that an invocation speaks of; options that are the subcommand's own are left alone.
Workload workload_of(const Invocation& invocation);

} // namespace tsir
