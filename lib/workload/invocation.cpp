#include "lib/workload/invocation.h"

#include "lib/base/error.h"
#include "lib/base/shell_quoted.h"

#include <charconv>

namespace tsir {
namespace {

using Values = std::vector<std::string>;

std::string whole_path(const std::string& file) {
  return std::filesystem::absolute(file).string();
}

Values whole_paths(const std::vector<std::string>& files) {
  Values all;
  std::ranges::transform(files, std::back_inserter(all), whole_path);
  return all;
}

Values unless_empty(const std::string& text) {
  return text.empty() ? Values() : Values{text};
}

template <class Number> Values unless_zero(Number number) {
  return number == 0 ? Values() : Values{fmt::to_string(number)};
}

template <class Number> Number number_of(const std::string& name, const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorKind::usage, fmt::format("{} {}: a whole number is expected", name, text));
  }
  return number;
}

// Makes a reader that sets a member to a number.
template <class Member> auto reads_number(std::string name, Member member) {
  return [name = std::move(name), member](Workload& workload, const std::string& text) {
    auto& field = std::invoke(member, workload);
    field = number_of<std::remove_reference_t<decltype(field)>>(name, text);
  };
}

std::vector<WorkloadOption> make_options() {
  std::vector<WorkloadOption> all;
  all.push_back({.name = "--load-pass-plugin",
                 .of_machine = true,
                 .write = [](const Workload& workload) { return whole_paths(workload.plugins); },
                 .read = [](Workload& workload, const std::string& text) { workload.plugins.push_back(text); }});
  all.push_back(
      {.name = "--load-library",
       .of_machine = true,
       .write = [](const Workload& workload) { return whole_paths(workload.source.libraries); },
       .read = [](Workload& workload, const std::string& text) { workload.source.libraries.push_back(text); }});
  all.push_back({.name = "--method",
                 .write = [](const Workload& workload) { return unless_empty(workload.source.method); },
                 .read = [](Workload& workload, const std::string& text) { workload.source.method = text; }});
  all.push_back({.name = "--graph",
                 .of_source = true,
                 .write = [](const Workload& workload) { return unless_zero(workload.source.graph); },
                 .read = reads_number("--graph", [](Workload& workload) -> size_t& { return workload.source.graph; })});
  all.push_back({.name = "--fill-constants",
                 .of_source = true,
                 .write = [](const Workload& workload) { return unless_empty(workload.source.fill_constants); },
                 .read = [](Workload& workload, const std::string& text) { workload.source.fill_constants = text; }});
  all.push_back({.name = "--start",
                 .of_source = true,
                 .proof = true,
                 .write = [](const Workload& workload) { return unless_empty(workload.start); },
                 .read = [](Workload& workload, const std::string& text) { workload.start = text; }});
  all.push_back({.name = "--input",
                 .of_inputs = true,
                 .write = [](const Workload& workload) { return workload.inputs.inputs; },
                 .read = [](Workload& workload, const std::string& text) { workload.inputs.inputs.push_back(text); }});
  all.push_back({.name = "--inputs",
                 .of_inputs = true,
                 .of_machine = true,
                 .write =
                     [](const Workload& workload) {
                       const std::string& file = workload.inputs.file;
                       return file.empty() ? Values() : Values{whole_path(file)};
                     },
                 .read = [](Workload& workload, const std::string& text) { workload.inputs.file = text; }});
  all.push_back({.name = "--seed",
                 .of_inputs = true,
                 .write = [](const Workload& workload) { return Values{fmt::to_string(workload.inputs.seed)}; },
                 .read = reads_number("--seed", [](Workload& workload) -> uint64_t& { return workload.inputs.seed; })});
  all.push_back({.name = "--sets",
                 .of_inputs = true,
                 .proof = true,
                 .write = [](const Workload& workload) { return Values{fmt::to_string(workload.sets)}; },
                 .read = reads_number("--sets", &Workload::sets)});
  all.push_back({.name = "--calls",
                 .of_inputs = true,
                 .proof = true,
                 .write = [](const Workload& workload) { return Values{fmt::to_string(workload.calls)}; },
                 .read = reads_number("--calls", &Workload::calls)});
  all.push_back(
      {.name = "--executor",
       .of_inputs = true,
       .executor = true,
       .write =
           [](const Workload& workload) {
             return workload.executor == Executor::as_is ? Values() : Values{std::string(to_string(workload.executor))};
           },
       .read = [](Workload& workload, const std::string& text) { workload.executor = parse_executor(text); }});
  all.push_back(
      {.name = "--device",
       .write = [](const Workload& workload) { return workload.device == "cpu" ? Values() : Values{workload.device}; },
       .read = [](Workload& workload, const std::string& text) { workload.device = text; }});
  all.push_back({.name = "--threads",
                 .write = [](const Workload& workload) { return unless_zero(workload.threads); },
                 .read = reads_number("--threads", &Workload::threads)});
  all.push_back({.name = "--grad",
                 .is_flag = true,
                 .write = [](const Workload& workload) { return workload.grad ? Values{""} : Values(); },
                 .read = [](Workload& workload, const std::string&) { workload.grad = true; }});
  all.push_back({.name = "--tolerance",
                 .proof = true,
                 .write = [](const Workload& workload) { return workload.tolerance; },
                 .read = [](Workload& workload, const std::string& text) { workload.tolerance.push_back(text); }});
  return all;
}

} // namespace

const std::vector<WorkloadOption>& workload_options() {
  static const std::vector<WorkloadOption> options = make_options();
  return options;
}

const WorkloadOption* find_workload_option(std::string_view name) {
  const auto& options = workload_options();
  const auto found = std::ranges::find(options, name, &WorkloadOption::name);
  return found == options.end() ? nullptr : &*found;
}

bool takes(const std::string& subcommand, const WorkloadOption& option) {
  const auto is = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, subcommand) != names.end();
  };
  if (option.name == "--start" || option.name == "--tolerance") {
    return is({"verify", "bisect", "reduce", "bench", "report"}) || (option.name == "--tolerance" && is({"tune"}));
  }
  return (!option.proof || is({"verify", "bisect", "reduce", "report", "tune"})) &&
         (!option.executor || !is({"opt", "dot", "diff", "tune"}));
}

Invocation Invocation::parse(std::string subcommand, std::string file, const std::vector<std::string>& options,
                             const std::function<bool(const std::string& name)>& takes_value) {
  Invocation invocation(std::move(subcommand), std::move(file));
  for (size_t i = 0; i < options.size(); ++i) {
    const size_t equals = options[i].find('=');
    const std::string name = options[i].substr(0, equals);
    const bool value = takes_value(name);
    if (equals != std::string::npos) {
      invocation.add(name, options[i].substr(equals + 1));
    } else if (!value) {
      invocation.add_flag(name);
    } else if (++i < options.size()) {
      invocation.add(name, options[i]);
    } else {
      throw Error(ErrorKind::load, fmt::format("{} has no value", name));
    }
  }
  return invocation;
}

Invocation& Invocation::add(std::string name, std::string value) {
  arguments_.push_back({std::move(name), std::move(value)});
  return *this;
}

Invocation& Invocation::add_flag(std::string name) {
  arguments_.push_back({std::move(name), std::nullopt});
  return *this;
}

Invocation& Invocation::add_word(std::string word) {
  more_words_.push_back(std::move(word));
  return *this;
}

Invocation& Invocation::add(const Workload& workload, Part part) {
  for (const WorkloadOption& option : workload_options()) {
    const bool left_out = (option.of_source && part != Part::all) || (option.of_inputs && part == Part::graph_not_run);
    if (left_out || !takes(subcommand_, option)) {
      continue;
    }
    for (const std::string& value : option.write(workload)) {
      option.is_flag ? add_flag(option.name) : add(option.name, value);
    }
  }
  return *this;
}

// A value that begins with a dash is joined to its option, because it would be parsed as another option.
std::vector<std::string> Invocation::options() const {
  std::vector<std::string> words;
  for (const Argument& argument : arguments_) {
    if (argument.value && argument.value->starts_with('-')) {
      words.push_back(argument.name + (argument.name.starts_with("--") ? "=" : "") + *argument.value); // -o-, not -o=-
      continue;
    }
    words.push_back(argument.name);
    if (argument.value) {
      words.push_back(*argument.value);
    }
  }
  return words;
}

std::vector<std::string> Invocation::words() const {
  std::vector<std::string> words = {subcommand_};
  if (!file_.empty()) {
    words.push_back(file_);
  }
  const std::vector<std::string> more = options();
  words.insert(words.end(), more.begin(), more.end());
  if (std::ranges::any_of(more_words_, [](const std::string& word) { return word.starts_with('-'); })) {
    words.emplace_back("--"); // what follows is not an option
  }
  words.insert(words.end(), more_words_.begin(), more_words_.end());
  return words;
}

std::string Invocation::line() const {
  return shell_line(words());
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string text = "tsir";
  for (const std::string& word : words) {
    text += " " + shell_quoted(word);
  }
  return text;
}

Workload workload_of(const Invocation& invocation) {
  Workload workload;
  workload.source.file = invocation.file();
  for (const Invocation::Argument& argument : invocation.arguments()) {
    if (const WorkloadOption* option = find_workload_option(argument.name)) {
      option->read(workload, argument.value.value_or(""));
    }
  }
  return workload;
}

} // namespace tsir
