#include "lib/bisect/job.h"

#include "lib/base/error.h"
#include "lib/base/scratch_folder.h"
#include "lib/reduce/condition.h"
#include "lib/reduce/trial.h"
#include "lib/verify/reproducer.h"
#include "lib/workload/standard_input.h"

namespace tsir {
namespace {

// Runs one bisection.
class BisectRun {
public:
  BisectRun(const BisectJob& job, const std::function<void(size_t)>& on_test);
  BisectOutcome run();

private:
  using Question = BisectJob::Question;
  BisectState test(size_t count);
  BisectState judge(size_t count);
  BisectState time(size_t count);
  BisectState try_command(size_t count);
  bool same_with_limit(size_t count, size_t limit);
  BisectApplication find_application(size_t count);
  std::string write_folder(const BisectState& found);
  Invocation see_again(size_t count) const;

  BisectResult find();
  BisectResult find_from_start();

  const BisectJob& job_;
  std::function<void(size_t)> on_test_;
  StateSettings states_;
  SweepStart* start_ = nullptr; // in the process that holds it; absent if states are timed
  ScratchFolder scratch_{"tsir"};
  std::map<size_t, PassVerdict> verdicts_; // by the number of passes
  std::string state_file_;                 // of the command
};

BisectRun::BisectRun(const BisectJob& job, const std::function<void(size_t)>& on_test) : job_(job), on_test_(on_test) {
  states_.workload = job.workload;
  states_.registry = job.registry;
  states_.passes = job.passes;
  states_.limit = job.limit;
  if (job.question == Question::command) {
    states_.purpose = {.load = true, .inputs = gives_inputs(job.workload)};
  }
}

// A verdict that says nothing about the state (not compared, unsteady) counts as good.
bool is_bad(const PassVerdict& verdict) {
  return is_failure(verdict) || verdict.verdict == Verdict::refused;
}

std::string line_of(const PassVerdict& verdict) {
  return fmt::format("{}{}{}", to_string(verdict.verdict), verdict.what.empty() ? "" : ": ", verdict.what);
}

BisectState BisectRun::judge(size_t count) {
  if (count == 0) {
    start_->observe();
    return {0, false, 0, "the start"};
  }
  const PassVerdict verdict = judge_state(job_.passes.prefix(count), *start_);
  BisectState state{count, is_bad(verdict), 0, line_of(verdict)};
  for (size_t i = 1; state.bad && i <= count; ++i) {
    if (verdict.passes == job_.passes.text(i)) {
      state.failed_after = i;
    }
  }
  verdicts_[state.failed_after > 0 ? state.failed_after : count] = verdict;
  return state;
}

// If the verdict stays open, the bench is repeated with more time.
BisectState BisectRun::time(size_t count) {
  if (count == 0) {
    return {0, false, 0, "the start"};
  }
  BenchSettings bench;
  bench.rule.band = job_.band;
  bench.control = false;
  bench.check.compare = false; // only the times matter here
  bench.protocol.seed = job_.workload.inputs.seed;
  StateTime found{Outcome::inconclusive, ""};
  double seconds = job_.bench_seconds;
  for (int tries = 0; tries < 3 && !settled(found.outcome); ++tries, seconds *= 3) {
    bench.protocol.max_seconds = seconds;
    StateSettings longer = states_;
    longer.limit += std::chrono::seconds(2 * static_cast<int64_t>(seconds));
    found = time_state(job_.passes.prefix(count), longer, bench);
  }
  return {count, found.outcome == Outcome::slower, 0, found.what};
}

// Exit codes are as for `git bisect run`: 0 is good, 125 means cannot tell, any other is bad.
BisectState BisectRun::try_command(size_t count) {
  constexpr int cannot_tell = 125;
  if (state_file_.empty()) {
    state_file_ = scratch_.path() + (is_module(*start_) ? "/state.pt" : "/state.ir");
  }
  try {
    save_state(job_.passes.prefix(count), *start_, state_file_);
  } catch (const Error& error) {
    return {count, true, 0, error.what()};
  }
  const auto code = run_command(job_.command, state_file_, states_.limit, {});
  if (code == 126 || code == 127) {
    throw Error(ErrorKind::usage, fmt::format("the shell cannot run `{}`", job_.command));
  }
  return {count, code != 0 && code != cannot_tell, 0,
          code ? fmt::format("the command ends with exit code {}", *code)
               : "the command exceeds the time limit or crashes"};
}

BisectState BisectRun::test(size_t count) {
  if (on_test_) {
    on_test_(count);
  }
  switch (job_.question) {
  case Question::results:
    return judge(count);
  case Question::slower:
    return time(count);
  case Question::command:
    return try_command(count);
  }
  return {};
}

// LibTorch's fuser checks the limit more than once for one node, and may throw if the limit is reached in between. That
// is another failure.
bool BisectRun::same_with_limit(size_t count, size_t limit) {
  return failure_signature(judge_state(job_.passes.prefix(count), states_, {job_.opt_limit, limit})) ==
         failure_signature(verdicts_.at(count));
}

// The failure does not show without any application, and shows without a limit. Doubling the limit finds a number with
// which it shows; binary search then finds the first.
BisectApplication BisectRun::find_application(size_t count) {
  constexpr size_t most = 1U << 20;
  if (job_.opt_limit.empty() || !verdicts_.contains(count) || same_with_limit(count, 0)) {
    return {};
  }
  size_t without = 0;
  size_t with = 1;
  while (!same_with_limit(count, with)) {
    without = with;
    with *= 2;
    if (with > most) {
      return {};
    }
  }
  while (with - without > 1) {
    const size_t middle = without + (with - without) / 2;
    (same_with_limit(count, middle) ? with : without) = middle;
  }
  const auto limited = [&](size_t limit) { return OptLimit{job_.opt_limit, limit}; };
  while (without > 0 && is_bad(judge_state(job_.passes.prefix(count), states_, limited(without)))) {
    --without;
  }
  const auto graph = [&](size_t limit) { return state_text(job_.passes.prefix(count), states_, limited(limit)); };
  return {with, without, graph(without), graph(with)};
}

std::string BisectRun::write_folder(const BisectState& found) {
  const size_t count = found.steps;
  if (job_.reproducers.empty() || job_.workload.source.file == "-") {
    return "";
  }
  PassVerdict verdict =
      verdict_about(job_.passes.uses()[count - 1], job_.passes.text(count), job_.passes.text(count - 1));
  if (const auto known = verdicts_.find(count); known != verdicts_.end()) {
    verdict = known->second;
  } else {
    verdict.verdict = Verdict::not_run;
    verdict.what = found.what;
  }
  ReproducerRequest request{.subcommand = job_.question == Question::results ? "verify" : "bisect",
                            .folder = job_.reproducers,
                            .workload = job_.workload,
                            .purpose = states_.purpose,
                            .registry = job_.registry,
                            .found_by = job_.found_by,
                            .limit = job_.limit};
  if (job_.question == Question::slower) {
    request.more = {{"--slower"},
                    {"--band", fmt::format("{}", job_.band * 100)},
                    {"--bench-time", fmt::format("{}", job_.bench_seconds)}};
  } else if (job_.question == Question::command) {
    request.more = {{"--test", job_.command}};
  }
  return write_reproducer(verdict, request);
}

Invocation BisectRun::see_again(size_t count) const {
  const char* subcommand = job_.question == Question::slower    ? "bench"
                           : job_.question == Question::command ? "bisect"
                                                                : "verify";
  Invocation invocation(subcommand, job_.workload.source.file);
  invocation.add("--passes", job_.passes.text(count));
  if (job_.question == Question::slower) {
    invocation.add("--band", fmt::format("{}", job_.band * 100));
  } else if (job_.question == Question::command) {
    invocation.add("--test", job_.command);
  }
  invocation.add(job_.workload);
  return invocation;
}

BisectResult BisectRun::find() {
  BisectRequest request;
  request.steps = job_.passes.uses().size();
  request.test = [this](size_t count) { return test(count); };
  request.linear = job_.linear;
  request.confirm = job_.question != Question::slower; // a bench already repeats its measurements
  return bisect(request);
}

// The search goes on in the process that holds the start, which forks the states.
BisectResult BisectRun::find_from_start() {
  using Found = std::pair<BisectResult, std::map<size_t, PassVerdict>>;
  const WorkerJson json = with_start(
      states_.sweep(),
      [this](SweepStart& start, const EventSink<WorkerJson>& send) {
        start_ = &start;
        on_test_ = [&send](size_t count) { send(count); };
        BisectResult result = find();
        return WorkerJson(Found(std::move(result), verdicts_));
      },
      [this](const WorkerJson& count) {
        if (on_test_) {
          on_test_(count);
        }
      });
  auto [result, verdicts] = json.get<Found>();
  verdicts_ = std::move(verdicts);
  return std::move(result);
}

BisectOutcome BisectRun::run() {
  BisectOutcome outcome;
  outcome.result = job_.question == Question::slower ? find() : find_from_start();
  if (outcome.result.found) {
    const BisectState& after = outcome.result.after;
    outcome.application = find_application(after.steps);
    outcome.reproducer = write_folder(after);
    outcome.see_again = see_again(after.steps);
  }
  return outcome;
}

} // namespace

BisectOutcome bisect(const BisectJob& job, const std::function<void(size_t passes)>& on_test) {
  read_before_children(job.workload);
  return BisectRun(job, on_test).run();
}

} // namespace tsir
