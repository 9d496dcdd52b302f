#include "tools/tsir/tune_options.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/bench/machine/environment.h"
#include "lib/input/value.h"
#include "lib/run/tolerance.h"
#include "tools/tsir/program_path.h"

#include <thread>

namespace tsir::tool {

void TuneOptions::add_to(CLI::App& app) {
  model.add_to(app, "A .pt or .ff module, or .ir graph");
  app.add_option("--max-time", max_seconds, "Time for the whole search")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
  app.add_option(
         "--goal", goal,
         "What to make small: latency (the median time of a call), p99, throughput (the time per call of several "
         "clients), first-call (opening the file, and the calls that compile) or memory")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--clients", clients, "With --goal throughput: number of threads that call at the same time")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  app.add_option("-o", output, "Write the module after the best passes that a .pt can hold")->type_name("FILE.pt");
  app.add_option("--recipe", recipe,
                 "Write the best passes and settings, with what they hold for, as JSON: for `tsir "
                 "apply` and --check")
      ->type_name("FILE.json");
  app.add_option(
         "--emit-cpp", emit_cpp,
         "Write a C++ header that needs LibTorch only, and does the best that can be written so; - for standard "
         "output")
      ->type_name("FILE.h");
  app.add_option("--emit-python", emit_python, "Write the same as a Python file")->type_name("FILE.py");
  app.add_option("--report", report, "Write what was found as one HTML page")->type_name("FILE.html");
  app.add_option("--allow", allow,
                 "Also try these parts, which change the precision of results: bf16, dynamic-int8; see --tolerance")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--search", search,
                 "Search these parts and settings only: freeze,fuse,threads; a wrong name lists all")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--journal", journal,
                 "Keep what is found in this file, and go on from what is there: after Ctrl-C or a crash")
      ->type_name("FILE");
  app.add_option("--check", check, "Search nothing: measure a recipe again, on this machine and model")
      ->type_name("FILE.json");
  app.add_option("--sets", sets, "Number of input sets on which the outputs of every candidate are compared")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  app.add_option("--calls", calls, "Number of successive calls on each input set")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  app.add_option("--further", further, "Number of further input sets for the winner")
      ->type_name("N")
      ->check(CLI::Range(size_t{0}, size_t{100'000}))
      ->capture_default_str();
  app.add_option("--tolerance", tolerance, tolerance_help)->type_name("LIMITS")->allow_extra_args(false);
  app.add_option("--rival-timeout", answer_seconds,
                 "Maximum time for a candidate to start, and for each of its answers")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
  input.add_to(app);
  auto* sets_option =
      app.add_option("--input-set", input_sets,
                     "All inputs as one text, '(a, b)' or '{\"x\": a}', or the only input; if repeated, calls take the "
                     "sets in turn, as a program does that sees several shapes")
          ->type_name("INPUTS")
          ->expected(1)
          ->take_all()
          ->allow_extra_args(false);
  app.add_option("--weights", weights,
                 "Of each cycle of calls, the number with each --input-set: 3,1 (default: one with each)")
      ->type_name("N,…")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->needs(sets_option);
  execution.add_to(app, /*with_executor=*/false);
  json.add_to(app);
}

Mix TuneOptions::mix() const {
  if (!input_sets.empty() && (!input.settings.inputs.empty() || !input.settings.file.empty())) {
    throw Error(ErrorKind::usage, "--input-set gives all inputs: leave out --input and --inputs");
  }
  if (!weights.empty() && weights.size() != input_sets.size()) {
    throw Error(ErrorKind::usage, fmt::format("--weights takes a number for each --input-set: {} for {}",
                                              weights.size(), input_sets.size()));
  }
  Mix mix;
  for (size_t i = 0; i < input_sets.size(); ++i) {
    parse_input_value(input_sets[i]);
    mix.push_back({input_sets[i], weights.empty() ? 1 : weights[i]});
  }
  return mix;
}

TuneJob TuneOptions::job(const Session& session) const {
  TuneJob job{.workload = make_workload(session, model, input, execution), .program = program_path().string()};
  job.mix = mix();
  job.workload.inputs.whole = job.mix.empty() ? "" : job.mix.front().inputs;
  job.goal = parse_goal(goal);
  job.clients = clients;
  job.workload.sets = sets;
  job.workload.calls = calls;
  job.workload.tolerance = tolerance;
  parse_tolerances(tolerance);
  job.space.only = {search.begin(), search.end()};
  job.space.allowed = {allow.begin(), allow.end()};
  job.space.threads = execution.threads;
  job.space.processors = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  job.space.check();
  job.max_seconds = max_seconds;
  job.journal = journal;
  job.further_sets = further;
  job.answer_limit = nanoseconds_of(answer_seconds);
  job.warn = warn_once;
  if (model.graph > 0 || !model.fill_constants.empty()) {
    throw Error(ErrorKind::usage, "tune takes a file with one unit and all of its constants: write it with tsir opt -o "
                                  "FILE.ir first, and leave out --graph and --fill-constants");
  }
  if (model.file == "-") {
    throw Error(ErrorKind::usage, "tune needs the model in a file, not on standard input: other processes open it");
  }
  return job;
}

void TuneOptions::check_files() const {
  if (report == "-") {
    throw Error(ErrorKind::usage, "--report takes a file: the table goes to standard output");
  }
  std::vector<std::string> taken = {model.file, check};
  const std::pair<const char*, std::string> files[] = {{"-o", output},
                                                       {"--recipe", recipe},
                                                       {"--emit-cpp", emit_cpp},
                                                       {"--emit-python", emit_python},
                                                       {"--report", report},
                                                       {"--journal", journal},
                                                       {"--json", json.given ? json.file : ""}};
  for (const auto& [flag, file] : files) {
    if (file.empty() || file == "-") {
      continue;
    }
    check_writable(file);
    for (const std::string& other : taken) {
      if (same_file(file, other)) {
        throw Error(ErrorKind::usage, fmt::format("{} {} would overwrite {}", flag, file, other));
      }
    }
    taken.push_back(file);
  }
}

} // namespace tsir::tool
