#include "tools/tsir/app.h"

#include "lib/base/error.h"
#include "lib/base/printable.h"
#include "lib/base/text_error.h"
#include "lib/compat/messages.h"
#include "lib/pass/plugin.h"
#include "lib/process/recovery.h"
#include "passes/all.h"
#include "tools/tsir/exit_codes.h"
#include "tools/tsir/given_invocation.h"
#include "tools/tsir/help.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/lit_config.h"
#include "tools/tsir/options.h"
#include "tools/tsir/run_reproducer.h"
#include "tools/tsir/version.h"

#include <c10/util/Exception.h>
#include <torch/csrc/jit/runtime/print_handler.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace tsir::tool {
namespace {

// Prints each warning of LibTorch once, as one line. That quantized tensors are deprecated concerns those who write
// models, and would appear at every command on a quantized one.
class OneLineWarnings : public c10::WarningHandler {
public:
  explicit OneLineWarnings(const bool& verbose) : verbose_(verbose) {}
  void process(const c10::Warning& warning) override {
    const std::string line = one_line(std::string_view(warning.msg()));
    const bool shown = verbose_ || !says(line, Message::quantized_tensors_deprecated);
    if (shown && seen_.insert(line).second) {
      std::fprintf(stderr, "tsir: LibTorch warns: %s\n", line.c_str());
    }
  }

private:
  const bool& verbose_;
  std::unordered_set<std::string> seen_;
};

bool wants_color(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  return ::isatty(fd) != 0 && (no_color == nullptr || *no_color == '\0');
}

// Models and LibTorch may print while they run. Standard output is reserved for results; whatever else is written to it
// goes to standard error.
int take_over_stdout() {
  const int results = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (results >= 0) {
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  return results >= 0 ? results : STDOUT_FILENO;
}

// Prints one line for each fault of a text, with its place in the text.
int fail(const TextError& error) {
  set_failure_text(error.what());
  for (const TextFault& fault : error.faults()) {
    std::fprintf(stderr, "tsir: error: %s\n", printable(fault.text()).c_str());
  }
  return static_cast<int>(error.kind());
}

int fail(ErrorKind kind, const std::string& line) {
  set_failure_text(line);
  // Names from a hostile file may contain terminal control sequences.
  std::fprintf(stderr, "tsir: error: %s\n", printable(line).c_str());
  return static_cast<int>(kind);
}

// Every subcommand that uses passes takes plugins, which are loaded before the subcommand runs.
void add_plugin_option(CLI::App& app, std::vector<std::string>& plugins) {
  for (const char* name : {"passes", "opt", "verify", "reduce", "bisect", "run", "bench", "serve", "tune", "apply",
                           "diff", "dot", "report"}) {
    app.get_subcommand(name)
        ->add_option("--load-pass-plugin", plugins,
                     "Shared library of passes to load; repeatable. See docs/pass_plugin")
        ->type_name("FILE")
        ->allow_extra_args(false);
  }
}

// `tsir -v run m.pt`, and `tsir run m.pt -v`. `reduce` has a flag of that name, which does more.
void add_verbose_flag(CLI::App& app, bool& verbose) {
  constexpr auto help = "Show LibTorch's deprecation warnings, too";
  app.add_flag("-v,--verbose", verbose, help);
  for (CLI::App* sub : app.get_subcommands({})) {
    if (sub->get_option_no_throw("--verbose") == nullptr) {
      sub->add_flag("-v,--verbose", verbose, help);
    }
  }
}

std::string exit_codes_line() {
  std::string line = "Exit codes:";
  for (const ExitCode& code : exit_codes) {
    line += fmt::format("{} {} {}", code.code == 0 ? "" : ",", code.code, code.meaning);
  }
  return line + ".";
}

int parse_and_run(CLI::App& app, Command& command, Session& session, int argc, char** argv) {
  try {
    std::vector<std::string> words = replayed({argv + 1, argv + argc});
    std::ranges::reverse(words); // CLI11 expects them in reverse order
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    write_results(session, app.help());
    return 0;
  } catch (const CLI::CallForAllHelp&) {
    write_results(session, app.help("", CLI::AppFormatMode::All));
    return 0;
  } catch (const CLI::CallForVersion& version) {
    write_results(session, std::string(version.what()) + "\n");
    return 0;
  } catch (const CLI::ParseError& error) {
    std::string topic;
    for (const CLI::App* sub : app.get_subcommands()) {
      topic = " " + sub->get_name();
    }
    if (topic.empty() && argc > 1 && argv[1][0] != '-') {
      return fail(ErrorKind::usage, unknown_subcommand(app, argv[1]));
    }
    return fail(ErrorKind::usage, fmt::format("{}; see `tsir{} --help`", one_line(error), topic));
  }
  session.given = given_invocation(*app.get_subcommands().front());
  for (const std::string& plugin : session.plugins) {
    load_pass_plugin(plugin, session.registry);
  }
  return command(session);
}

} // namespace

std::unique_ptr<CLI::App> make_app(Session& session, Command& command) {
  auto app = std::make_unique<CLI::App>(
      "Inspect TorchScript models, run LibTorch's passes on them one by one, and check, measure and draw the result",
      "tsir");
  add_version_flags(*app);
  add_lit_config_flag(*app);
  app->formatter(std::make_shared<HelpFormat>()); // inherited by the subcommands
  app->require_subcommand(1);
  app->footer(exit_codes_line());
  for (auto* add :
       {add_dump, add_passes, add_opt, add_verify, add_reduce, add_bisect, add_run, add_bench, add_tune, add_apply,
        add_serve, add_diff, add_dot, add_report, add_update_checks, add_completions, add_help}) {
    add(*app, command);
  }
  add_plugin_option(*app, session.plugins);
  add_verbose_flag(*app, session.verbose);
  return app;
}

int run_tool(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN); // a closed pipe is an error of write(), reported in one line
  jit::setPrintHandler([](const std::string& text) { std::fputs(text.c_str(), stderr); });

  Registry registry = all_passes();
  Session session{.registry = registry,
                  .results_fd = take_over_stdout(),
                  .color = false,
                  .color_stderr = wants_color(STDERR_FILENO),
                  .plugins = {},
                  .given = {},
                  .verbose = false};
  OneLineWarnings warnings(session.verbose);
  c10::WarningUtils::set_warning_handler(&warnings);
  session.color = wants_color(session.results_fd);

  Command command;
  const auto app = make_app(session, command);
  try {
    return parse_and_run(*app, command, session, argc, argv);
  } catch (const TextError& error) {
    return fail(error);
  } catch (const Error& error) {
    return fail(error.kind(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::load, "out of memory");
  } catch (const std::exception& error) {
    return fail(ErrorKind::check, one_line(error));
  }
}

} // namespace tsir::tool
