#include "tools/tsir/reduce_options.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/shell_quoted.h"
#include "lib/verify/ir_reproducer.h"

namespace tsir::tool {

void ReduceOptions::add_to(CLI::App& app) {
  proof.pass_seconds = 30;
  proof.model.add_to(app, "A .pt or .ff module, or .ir graph");
  app.add_option("COMMAND", words, "After --: the words of a command to use instead of --test")->option_text(" ");
  app.add_option("-o", output, "Output file for the smallest graph, as text")->type_name("FILE.ir")->required();
  app.add_option("-p,--passes", passes, "Passes that show the failure")->type_name("PASSES");
  auto* test_option = app.add_option("--test", test,
                                     "Shell command to use instead of passes; it must exit with code 0 if the graph is "
                                     "still of interest. {} stands for the graph's file")
                          ->type_name("COMMAND");
  auto* crashes_flag = app.add_flag("--crashes", crashes, "Keep a failure in which any pass throws, crashes or hangs");
  auto* differs_flag = app.add_flag("--differs", differs, "Keep a failure in which a pass changes the results");
  auto* lint_flag = app.add_flag("--breaks-lint", breaks_lint, "Keep a failure in which a pass leaves a broken graph");
  auto* message_option = app.add_option("--message", message, "Keep any outcome, even a refusal, whose message matches")
                             ->type_name("REGEX");
  const std::vector<CLI::Option*> conditions = {test_option, crashes_flag, differs_flag, lint_flag, message_option};
  for (CLI::Option* a : conditions) {
    for (CLI::Option* b : conditions) {
      if (a != b) {
        a->excludes(b);
      }
    }
  }
  app.add_option("--max-time", max_seconds, "Maximum time; the smallest graph found by then is the result")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
  app.add_option(
         "-j,--jobs", at_once,
         "Trials at the same time, without a command (default: the cores divided by the threads of an operator)")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1024}));
  app.add_flag("-v,--verbose", verbose, "Report progress even if standard error is not a terminal");
  proof.add_to(app);
  proof.input.add_to(app);
  proof.execution.add_to(app);
  json.add_to(app);
}

void ReduceOptions::complete_from_file() {
  if (!passes.empty() || !command().empty()) {
    return;
  }
  const auto reproducer = proof.model.file == "-" ? std::nullopt : read_reproducer(proof.model.file);
  if (!reproducer) {
    throw Error(ErrorKind::usage,
                "no failure to keep: give --passes, or --test COMMAND, or a file that an earlier `tsir reduce` wrote");
  }
  CLI::App parser;
  parser.add_option("--passes", passes);
  proof.add_to(parser);
  proof.input.add_to(parser);
  proof.execution.add_to(parser);
  bool compare = false;
  parser.add_flag("--compare", compare);
  std::vector<std::string> words = reproducer->invocation.options();
  std::ranges::reverse(words); // CLI11 expects them in reverse order
  try {
    parser.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::load, fmt::format("{}: its reproducer: {}", proof.model.file, one_line(error)));
  }
}

void ReduceOptions::check() const {
  if (!command().empty() && !passes.empty()) {
    throw Error(
        ErrorKind::usage,
        "--passes and a command: give one of them. The command may run `tsir opt`; --start makes the starting graph");
  }
  if (!test.empty() && !words.empty()) {
    throw Error(ErrorKind::usage, "--test and a command after --: give one of them");
  }
  constexpr std::string_view ending = ".ir";
  if (!output.ends_with(ending)) {
    throw Error(ErrorKind::usage, fmt::format("-o {}: the result is text, so the name must end in .ir", output));
  }
  check_writable(output);
  check_different_files(json, output);
  check_condition(condition());
}

ReduceCondition ReduceOptions::condition() const {
  using Kind = ReduceCondition::Kind;
  const Kind kind = crashes            ? Kind::crashes
                    : differs          ? Kind::differs
                    : breaks_lint      ? Kind::breaks_lint
                    : !message.empty() ? Kind::message
                                       : Kind::same;
  return {kind, message};
}

std::string ReduceOptions::command() const {
  std::string line = test;
  for (const std::string& word : words) {
    line += (line.empty() ? "" : " ") + (word == "{}" ? word : shell_quoted(word));
  }
  return line;
}

} // namespace tsir::tool
