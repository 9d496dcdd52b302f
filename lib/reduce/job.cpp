#include "lib/reduce/job.h"

#include "lib/base/error.h"
#include "lib/base/scratch_folder.h"
#include "lib/ir/walk.h"
#include "lib/model/text_ir.h"
#include "lib/process/resources.h"
#include "lib/reduce/crash_reproducer.h"
#include "lib/reduce/reducer.h"
#include "lib/run/threads.h"
#include "lib/workload/standard_input.h"

namespace tsir {
namespace {

using Clock = std::chrono::steady_clock;

class ReduceRun {
public:
  ReduceRun(const ReduceJob& job, const ReduceHooks& hooks);
  ReduceOutcome run();

private:
  bool by_command() const { return !job_.command.empty(); }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }
  bool asked_to_stop() const { return hooks_.stop && hooks_.stop(); }
  bool stop() const { return asked_to_stop() || seconds() > job_.max_seconds; }
  size_t at_once() const;
  bool interesting(const Candidate& candidate);
  std::optional<size_t> first_interesting(const std::vector<Candidate>& candidates);
  bool command_succeeds(const Candidate& candidate);
  void begin_with(const Start& start);
  void better(const Candidate& best);
  void save(const Candidate& best);
  void progress(const std::string& doing) const;
  IrReproducer reproducer(const Candidate& best) const;

  const ReduceJob& job_;
  const ReduceHooks& hooks_;
  SingleThread single_thread_; // until the trials fork
  ScratchFolder scratch_{"tsir"};
  Clock::time_point begun_ = Clock::now();
  StartRequest request_;
  ReduceCondition condition_;
  ReduceOutcome outcome_;
  PassVerdict shown_; // by the best candidate so far
  Clock::time_point saved_at_{};
  bool unsaved_ = false;
};

ReduceRun::ReduceRun(const ReduceJob& job, const ReduceHooks& hooks)
    : job_(job), hooks_(hooks), request_{.workload = job.workload,
                                         .passes = job.passes,
                                         .registry = job.registry,
                                         .folder = scratch_.path(),
                                         .limit = job.limit},
      condition_(job.condition) {}

bool ReduceRun::command_succeeds(const Candidate& candidate) {
  const std::string file = scratch_.path() + "/candidate.ir";
  write_ir(*candidate.graph, file);
  const auto code = run_command(job_.command, file, request_.limit, [this] { return stop(); });
  if (code == 126 || code == 127) {
    throw Error(ErrorKind::usage, fmt::format("the shell cannot run `{}`", job_.command));
  }
  return code == 0;
}

bool ReduceRun::interesting(const Candidate& candidate) {
  ++outcome_.trials;
  if (by_command()) {
    return command_succeeds(candidate);
  }
  const auto verdicts = try_passes(candidate, request_.trial());
  const PassVerdict* shown = find_shown(condition_, verdicts);
  if (shown != nullptr && !stop()) {
    shown_ = *shown;
  }
  return shown != nullptr;
}

size_t ReduceRun::at_once() const {
  if (by_command() || job_.at_once > 0) {
    return by_command() ? 1 : job_.at_once;
  }
  const int threads = job_.workload.threads > 0 ? job_.workload.threads : default_threads();
  return std::max<size_t>(usable_cores() / static_cast<size_t>(std::max(threads, 1)), 1);
}

std::optional<size_t> ReduceRun::first_interesting(const std::vector<Candidate>& candidates) {
  if (by_command()) {
    return interesting(candidates.front()) ? std::optional<size_t>(0) : std::nullopt;
  }
  const auto found =
      first_shown(candidates, request_.trial(), at_once(), [this](const std::vector<PassVerdict>& verdicts) {
        return find_shown(condition_, verdicts) != nullptr;
      });
  outcome_.trials += found ? found->index + 1 : candidates.size();
  if (!found) {
    return std::nullopt;
  }
  if (!stop()) {
    shown_ = *find_shown(condition_, found->verdicts);
  }
  return found->index;
}

// The first trial determines the time limit: a trial that takes ten times as long shows another failure.
void ReduceRun::begin_with(const Start& start) {
  outcome_.nodes_before = outcome_.nodes = count_nodes(*start.candidate.graph, /*subgraphs=*/true);
  if (const PassVerdict* shown = find_shown(condition_, start.verdicts)) {
    shown_ = *shown;
  }
  const auto before = Clock::now();
  const bool shows = interesting(start.candidate);
  if (!shows && by_command() && stop()) {
    throw Error(ErrorKind::check, "stopped before the first trial ended, so there is no result");
  }
  if (!shows) {
    throw Error(ErrorKind::check, by_command()
                                      ? fmt::format("`{}` does not end with exit code 0 on the unchanged graph",
                                                    command_line(job_.command, job_.workload.source.file))
                                      : std::string("the failure is intermittent, so the graph cannot be reduced"));
  }
  if (shown_.verdict != Verdict::timed_out) {
    const std::chrono::nanoseconds fair = std::chrono::seconds(2) + 10 * (Clock::now() - before);
    request_.limit = std::min(request_.limit, fair);
  }
}

IrReproducer ReduceRun::reproducer(const Candidate& best) const {
  if (by_command()) {
    return {
        .invocation = {}, .what = fmt::format("`{}` ends with exit code 0 on this graph", job_.command), .plugins = {}};
  }
  return reproducer_for(best, shown_, job_.workload, job_.limit, job_.output);
}

void ReduceRun::save(const Candidate& best) {
  const IrReproducer made = reproducer(best);
  const std::string comments = by_command() ? fmt::format("# {}\n", one_line(made.what)) : reproducer_comments(made);
  write_ir(*best.graph, job_.output, {.locations = false, .elide = false, .comments = comments});
  saved_at_ = Clock::now();
  unsaved_ = false;
}

// Saves at most once a second, because large constants take long to write.
void ReduceRun::better(const Candidate& best) {
  outcome_.nodes = count_nodes(*best.graph, /*subgraphs=*/true);
  unsaved_ = true;
  if (Clock::now() - saved_at_ > std::chrono::seconds(1)) {
    save(best);
  }
}

void ReduceRun::progress(const std::string& doing) const {
  if (hooks_.progress) {
    hooks_.progress({seconds(), outcome_.trials, outcome_.nodes, outcome_.nodes_before, doing});
  }
}

ReduceOutcome ReduceRun::run() {
  Start start = by_command() ? plain_start(request_) : find_start(request_, condition_);
  begin_with(start);
  ReducerHooks hooks;
  hooks.first_interesting = [this](const std::vector<Candidate>& candidates) { return first_interesting(candidates); };
  hooks.at_once = at_once();
  hooks.observe = [this](Candidate& candidate) { observe_values(candidate, request_.trial()); };
  hooks.stop = [this] { return stop(); };
  hooks.better = [this](const Candidate& best) { better(best); };
  hooks.progress = [this](const std::string& doing) { progress(doing); };
  Reducer reducer(start.candidate.copy(), std::move(hooks));
  const bool hangs = shown_.verdict == Verdict::timed_out; // only verify has a time limit for it
  const ReduceEnd end = reducer.run(all_reductions(/*without_runs=*/!hangs));
  if (unsaved_ || saved_at_ == Clock::time_point{}) {
    save(reducer.best());
  }
  outcome_.reproducer = reproducer(reducer.best());
  outcome_.passes = reducer.best().pipeline.text();
  outcome_.start = std::move(start.made_by);
  outcome_.kept = reducer.kept();
  outcome_.seconds = seconds();
  outcome_.stop = end == ReduceEnd::smallest ? ReduceStop::smallest
                  : asked_to_stop()          ? ReduceStop::asked
                                             : ReduceStop::out_of_time;
  return std::move(outcome_);
}

} // namespace

ReduceOutcome reduce(const ReduceJob& job, const ReduceHooks& hooks) {
  read_before_children(job.workload);
  return ReduceRun(job, hooks).run();
}

} // namespace tsir
