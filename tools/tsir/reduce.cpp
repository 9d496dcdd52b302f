// tsir reduce: makes a graph that shows a failure as small as it can be.
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/scratch_folder.h"
#include "lib/base/shell_quoted.h"
#include "lib/base/units.h"
#include "lib/ir/walk.h"
#include "lib/model/text_ir.h"
#include "lib/reduce/crash_reproducer.h"
#include "lib/reduce/reducer.h"
#include "lib/verify/reproducer.h"
#include "tools/tsir/progress.h"
#include "tools/tsir/proof_options.h"
#include "tools/tsir/reduce_options.h"
#include "tools/tsir/stop_signal.h"

#include <ATen/Parallel.h>

#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

using Clock = std::chrono::steady_clock;

// One run of the subcommand.
class Reducing {
public:
  Reducing(const ReduceOptions& options, const Session& session);
  int run();

private:
  Start start();
  bool interesting(const Candidate& candidate);
  bool command_succeeds(const Candidate& candidate);
  void begin_with(const Start& start);
  void better(const Candidate& best);
  void save(const Candidate& best);
  void progress(const std::string& doing);
  bool stop() const;
  IrReproducer reproducer(const Candidate& best) const;
  int finish(const Reducer& reducer, ReduceEnd end, const Start& start);

  const ReduceOptions& options_;
  const Session& session_;
  ScratchFolder scratch_{"tsir"};
  StopSignal stop_signal_;
  Clock::time_point begun_ = Clock::now();
  ReduceCondition condition_;
  StartRequest request_;
  size_t nodes_before_ = 0;
  size_t nodes_ = 0;
  size_t tried_ = 0;
  PassVerdict shown_; // by the best so far
  Clock::time_point saved_at_{};
  bool unsaved_ = false;
  Clock::time_point drawn_at_{};
  bool terminal_ = ::isatty(STDERR_FILENO) != 0;
  ProgressLine progress_;
};

Reducing::Reducing(const ReduceOptions& options, const Session& session)
    : options_(options), session_(session), condition_(options.condition()),
      request_(
          options.proof.start_request(session, Pipeline::parse(options.passes, session.registry), scratch_.path())) {
  at::set_num_threads(1); // here: a fork would not take the others along
}

bool Reducing::stop() const {
  return StopSignal::received() != 0 ||
         std::chrono::duration<double>(Clock::now() - begun_).count() > options_.max_seconds;
}

Start Reducing::start() {
  if (!options_.command().empty()) {
    return plain_start(request_);
  }
  return find_start(request_, condition_);
}

bool Reducing::command_succeeds(const Candidate& candidate) {
  const std::string file = scratch_.path() + "/candidate.ir";
  write_ir(*candidate.graph, file);
  const auto code = run_command(options_.command(), file, request_.trial.limit, [this] { return stop(); });
  if (code == 126 || code == 127) {
    throw Error(ErrorKind::usage, fmt::format("the shell cannot run `{}`", options_.command()));
  }
  return code == 0;
}

bool Reducing::interesting(const Candidate& candidate) {
  ++tried_;
  if (!options_.command().empty()) {
    return command_succeeds(candidate);
  }
  const auto verdicts = try_passes(candidate, request_.trial);
  const PassVerdict* shown = find_shown(condition_, verdicts);
  if (shown != nullptr && !stop()) {
    shown_ = *shown;
  }
  return shown != nullptr;
}

// The first trial says how long one may take: what takes ten times as long is another failure.
void Reducing::begin_with(const Start& start) {
  nodes_before_ = nodes_ = count_nodes(*start.candidate.graph, /*subgraphs=*/true);
  if (const PassVerdict* shown = find_shown(condition_, start.verdicts)) {
    shown_ = *shown;
  }
  const auto before = Clock::now();
  if (!interesting(start.candidate)) {
    throw Error(ErrorKind::check,
                options_.command().empty()
                    ? std::string("the failure does not show every time: nothing can be reduced by it")
                    : fmt::format("`{}` does not end with exit code 0 on the graph as it came",
                                  command_line(options_.command(), options_.proof.model.file)));
  }
  if (shown_.verdict != Verdict::timed_out) {
    const std::chrono::nanoseconds fair = std::chrono::seconds(2) + 10 * (Clock::now() - before);
    request_.trial.limit = std::min(request_.trial.limit, fair);
  }
}

IrReproducer Reducing::reproducer(const Candidate& best) const {
  if (!options_.command().empty()) {
    return {"", {}, fmt::format("`{}` ends with exit code 0 on it", options_.command()), {}};
  }
  std::vector<std::string> more;
  for (const std::string& limits : options_.proof.tolerance) {
    more.insert(more.end(), {"--tolerance", limits});
  }
  if (shown_.verdict == Verdict::timed_out) {
    more.insert(more.end(), {"--pass-time-limit", fmt::format("{}", options_.proof.pass_seconds)});
  }
  IrReproducer made = reproducer_for(best, shown_, request_.trial, more);
  made.plugins = session_.plugins;
  return made;
}

void Reducing::save(const Candidate& best) {
  const IrReproducer made = reproducer(best);
  const std::string comments = options_.command().empty() ? reproducer_comments(made, options_.output)
                                                          : fmt::format("# {}\n", one_line(made.what));
  write_ir(*best.graph, options_.output, {.locations = false, .elide = false, .comments = comments});
  saved_at_ = Clock::now();
  unsaved_ = false;
}

// Large constants take their time to write: once a second is enough.
void Reducing::better(const Candidate& best) {
  nodes_ = count_nodes(*best.graph, /*subgraphs=*/true);
  unsaved_ = true;
  if (Clock::now() - saved_at_ > std::chrono::seconds(1)) {
    save(best);
  }
}

void Reducing::progress(const std::string& doing) {
  const auto now = Clock::now();
  if (options_.verbose && !terminal_ && now - drawn_at_ > std::chrono::seconds(1)) {
    std::fprintf(stderr, "tsir: %zu trials, %zu nodes of %zu left: %s\n", tried_, nodes_, nodes_before_, doing.c_str());
    drawn_at_ = now;
  } else if (progress_.is_due()) {
    progress_.draw(fmt::format("[{:.0f} s, {} trials] {} nodes of {} left: {}",
                               std::chrono::duration<double>(now - begun_).count(), tried_, nodes_, nodes_before_,
                               doing));
  }
}

int Reducing::finish(const Reducer& reducer, ReduceEnd end, const Start& start) {
  const Candidate& best = reducer.best();
  if (unsaved_ || saved_at_ == Clock::time_point{}) {
    save(best);
  }
  progress_.clear();
  const IrReproducer made = reproducer(best);
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  const char* why = end == ReduceEnd::smallest    ? "nothing more helps"
                    : StopSignal::received() != 0 ? "stopped; the same command on this file goes on"
                                                  : "--max-time is over; the same command on this file goes on";
  nlohmann::ordered_json json = {{"schema", "tsir.reduce/1"},
                                 {"file", options_.proof.model.file},
                                 {"output", options_.output},
                                 {"nodes_before", nodes_before_},
                                 {"nodes", nodes_},
                                 {"trials", tried_},
                                 {"kept", reducer.kept()},
                                 {"seconds", seconds},
                                 {"complete", end == ReduceEnd::smallest},
                                 {"start", start.made_by},
                                 {"passes", best.pipeline.text()},
                                 {"what", made.what},
                                 {"subcommand", made.subcommand},
                                 {"arguments", made.arguments}};
  const auto text = [&] {
    const std::string made_by =
        start.made_by.empty() ? "" : fmt::format("the start was made by --passes {}\n", shell_quoted(start.made_by));
    const std::string again = options_.command().empty() ? "tsir opt --run-reproducer " + shell_quoted(options_.output)
                                                         : command_line(options_.command(), options_.output);
    return fmt::format("{}: {} nodes of {}, after {} trials in {}: {}\n{}\n{}it shows with: {}\n", options_.output,
                       nodes_, nodes_before_, tried_, human_seconds(seconds), why, made.what, made_by, again);
  };
  write_report(
      session_, options_.json, [&] { return json; }, text);
  return StopSignal::received() != 0 ? 128 + StopSignal::received() : 0;
}

int Reducing::run() {
  const Start found = start();
  begin_with(found);
  ReducerHooks hooks;
  hooks.interesting = [this](const Candidate& candidate) { return interesting(candidate); };
  hooks.observe = [this](Candidate& candidate) { observe_values(candidate, request_.trial); };
  hooks.stop = [this] { return stop(); };
  hooks.better = [this](const Candidate& best) { better(best); };
  hooks.progress = [this](const std::string& doing) { progress(doing); };
  Reducer reducer(found.candidate.copy(), std::move(hooks));
  const bool hangs = shown_.verdict == Verdict::timed_out; // which only verify stops
  const ReduceEnd end = reducer.run(all_reductions(/*without_runs=*/!hangs));
  return finish(reducer, end, found);
}

int run_reduce(ReduceOptions options, const Session& session) {
  options.complete_from_file();
  options.check(session.registry);
  return Reducing(options, session).run();
}

} // namespace

void add_reduce(CLI::App& app, Command& command) {
  auto* sub = app.add_subcommand(
      "reduce",
      "Make a graph that shows a failure small: nodes, blocks, inputs, outputs, constants and sizes go, as long as\n"
      "the failure stays. By default that is what `tsir verify` finds with these passes: the same pass, the same\n"
      "verdict. Every trial runs in a child process. -o holds the best so far at any time, with the command that\n"
      "shows the failure in its first lines; run on that file again, it goes on");
  auto options = std::make_shared<ReduceOptions>();
  options->add_to(*sub);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run_reduce(*options, session); }; });
}

} // namespace tsir::tool
