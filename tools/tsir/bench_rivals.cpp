#include "tools/tsir/bench_rivals.h"

#include "lib/base/error.h"
#include "lib/process/phase.h"
#include "tools/tsir/bench_options.h"
#include "tools/tsir/bench_progress.h"

#include <ATen/Parallel.h>

#include <csignal>

namespace tsir::tool {
namespace {

// Names stand in tables, in file formats that have separators of their own, and in regular expressions.
void check_name(const std::string& name, const std::string& option) {
  const auto good = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
  };
  if (name.empty() || !std::ranges::all_of(name, good)) {
    throw Error(ErrorKind::usage,
                fmt::format("--rival '{}': a name of letters, digits, '.', '_' or '-' must come before '='", option));
  }
}

Rival parse_rival(const std::string& option, std::chrono::nanoseconds limit, const std::shared_ptr<RivalJob>& job) {
  const auto equals = option.find('=');
  if (equals == std::string::npos) {
    throw Error(ErrorKind::usage, fmt::format("--rival '{}': want NAME=COMMAND, as in --rival eager='python "
                                              "eager.py --module model.py:build'",
                                              option));
  }
  Rival rival{option.substr(0, equals), option.substr(equals + 1), limit, job};
  check_name(rival.name, option);
  if (rival.command.find_first_not_of(" \t\n") == std::string::npos) {
    throw Error(ErrorKind::usage, fmt::format("--rival '{}': no command after '='", option));
  }
  return rival;
}

// A line of the protocol is a line.
std::string path_for_rivals(const std::string& file) {
  if (file == "-") {
    throw Error(ErrorKind::usage, "--rival needs the model in a file, not on standard input");
  }
  std::string path = std::filesystem::absolute(file).string();
  if (path.find('\n') != std::string::npos) {
    throw Error(ErrorKind::usage, "--rival cannot hand over a path with a line end in it");
  }
  return path;
}

void check_names_differ(const std::vector<Rival>& rivals) {
  std::set<std::string> names = {"baseline", "control"};
  for (const Rival& rival : rivals) {
    if (!names.insert(rival.name).second) {
      throw Error(ErrorKind::usage, fmt::format("--rival {}: there is another of that name", rival.name));
    }
  }
}

void expect_greeting(const Rival& rival) {
  const Phase phase(fmt::format("starting rival {}", rival.name));
  try {
    const RivalProcess process(rival, [] { return StopSignal::received() != 0; });
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("rival {}: {}", rival.name, error.what()));
  }
}

} // namespace

void RivalOptions::add_to(CLI::App& app) {
  constexpr const char* group = "Rivals";
  app.add_option("--rival", commands,
                 "Another program, timed in the same blocks: --rival eager='python eager.py …'; it speaks the protocol "
                 "of docs/rivals.md, tools/rivals has some; repeatable")
      ->type_name("NAME=COMMAND")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--rival-timeout", limit_seconds, "How long a rival may take to start, and for each answer")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str()
      ->group(group);
}

std::vector<Rival> open_rivals(const BenchOptions& options) {
  std::vector<Rival> rivals;
  if (options.rivals.commands.empty()) {
    return rivals;
  }
  const auto job = std::make_shared<RivalJob>();
  job->model = path_for_rivals(options.model.file);
  job->threads = at::get_num_threads();
  job->grad = options.execution.grad || options.train.given;
  job->training = options.train.given ? protocol_text(options.train.chosen()) : "";
  job->seed = options.input.settings.seed;
  const auto limit = std::chrono::duration<double>(std::min(options.rivals.limit_seconds, 1e8));
  for (const std::string& option : options.rivals.commands) {
    rivals.push_back(parse_rival(option, std::chrono::duration_cast<std::chrono::nanoseconds>(limit), job));
  }
  check_names_differ(rivals);
  job->files = RivalFiles(std::filesystem::temp_directory_path().string());
  try {
    const StopSignal signal;
    std::ranges::for_each(rivals, expect_greeting);
  } catch (const Error&) {
    if (StopSignal::received() == 0) {
      throw;
    }
    job->files = RivalFiles(); // nothing is left behind
    ::raise(StopSignal::received());
  }
  return rivals;
}

void add_rivals(std::vector<VariantSpec>& specs, const std::vector<Rival>& rivals, const BenchTarget& target) {
  for (const Rival& rival : rivals) {
    for (const VariantSpec& spec : specs) {
      if (spec.name == rival.name || spec.label() == rival.name) {
        throw Error(ErrorKind::usage, fmt::format("--rival {}: there is a variant of that name", rival.name));
      }
    }
    rival.job->method = target.method;
    rival.job->device = target.device.str();
    rival.job->files.set_inputs(target.inputs);
    VariantSpec spec;
    spec.name = rival.name;
    spec.rival = std::make_shared<const Rival>(rival);
    specs.push_back(std::move(spec));
  }
}

} // namespace tsir::tool
