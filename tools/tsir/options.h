// Flags that several subcommands share, each declared once.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/input/inputs.h"
#include "lib/pass/pipeline.h"
#include "lib/run/runnable.h"
#include "lib/workload/invocation.h"

#include <CLI/CLI.hpp>

namespace tsir::tool {

// What every subcommand receives: the registry of passes, the stream for results, and whether it is a terminal.
struct Session {
  Registry& registry; // plugins are added before a subcommand runs
  int results_fd;     // for results: the standard output that the user gave
  bool color;         // for standard output: it is a terminal, and NO_COLOR is not set
  bool color_stderr;
  std::vector<std::string> plugins; // the files that were loaded
  Invocation given;                 // the command line
  bool verbose = false;
};

// Writes to the results stream; throws Error(check) on a full disk or a closed pipe.
void write_results(const Session& session, std::string_view text);
// Writes `json` to the file of --json=FILE, or to the results stream if FILE is empty or "-".
void write_json(const Session& session, const nlohmann::ordered_json& json, const std::string& file);

constexpr auto tolerance_help = "Tolerance of comparisons, as [DTYPE=]RTOL[,ATOL]: 1e-5, or float16=1e-2,1e-3; "
                                "repeatable (default: depends on the dtype)";

// A finite number above 0; the message says that a text is not `what`.
CLI::Validator positive(const std::string& what);
CLI::Validator positive_seconds();
// Converts a time for a clock; limits very long times.
std::chrono::nanoseconds nanoseconds_of(double seconds);

struct ModelOptions {
  std::string file;
  std::string method; // "" if not given
  std::vector<std::string> libraries;
  double load_seconds = 60;
  size_t graph = 0; // which of several graphs in a text; 0 if not given
  std::string fill_constants;
  void add_to(CLI::App& app, const std::string& file_help);
};

struct InputOptions {
  InputSettings settings;
  void add_to(CLI::App& app);
};

struct ExecutionOptions {
  std::string device_name = "cpu";
  std::string executor_name = "as-is";
  int threads = 0; // 0: LibTorch's default
  bool grad = false;
  void add_to(CLI::App& app, bool with_executor = true, bool with_threads = true);
};

// --json[=FILE]: a flag with an optional value. `given`: whether the flag was given; `file` is "-" without a value.
struct JsonOption {
  bool given = false;
  std::string file = "-";
  void add_to(CLI::App& app);
  bool takes_output() const { return given && file == "-"; } // standard output is only for JSON
};

// Whether both name one file, however it is spelled. "" (not given) and "-" (a standard stream) name none.
bool same_file(const std::string& one, const std::string& other);
// Throws Error(usage) if the JSON and the output would go to one file.
void check_different_files(const JsonOption& json, const std::string& output);
// Writes the JSON if --json was given, and the text unless the JSON goes to standard output. Each is made only if it is
// written.
void write_report(const Session& session, const JsonOption& option, const std::function<nlohmann::ordered_json()>& json,
                  const std::function<std::string()>& text);

// Each function adds a subcommand to `app`. When the subcommand is parsed, it stores its work in `command`, which
// returns the exit code.
using Command = std::function<int(const Session&)>;
template <class Options>
void set_command(CLI::App& sub, Command& command, std::shared_ptr<Options> options,
                 int (*run)(const Options&, const Session&)) {
  sub.final_callback([options, run, &command] {
    command = [options, run](const Session& session) { return run(*options, session); };
  });
}
void add_dump(CLI::App& app, Command& command);
void add_passes(CLI::App& app, Command& command);
void add_opt(CLI::App& app, Command& command);
void add_run(CLI::App& app, Command& command);
void add_bench(CLI::App& app, Command& command);
void add_serve(CLI::App& app, Command& command);
void add_tune(CLI::App& app, Command& command);
void add_apply(CLI::App& app, Command& command);
void add_diff(CLI::App& app, Command& command);
void add_dot(CLI::App& app, Command& command);
void add_report(CLI::App& app, Command& command);
void add_verify(CLI::App& app, Command& command);
void add_reduce(CLI::App& app, Command& command);
void add_bisect(CLI::App& app, Command& command);
void add_update_checks(CLI::App& app, Command& command);
void add_completions(CLI::App& app, Command& command);
void add_help(CLI::App& app, Command& command);

} // namespace tsir::tool
