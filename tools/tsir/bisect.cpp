// tsir bisect: the first pass of a pipeline after which something is wrong, and what of it.
#include "lib/bisect/pass_states.h"
#include "lib/base/error.h"
#include "lib/base/scratch_folder.h"
#include "lib/reduce/condition.h"
#include "lib/reduce/trial.h"
#include "lib/base/text_diff.h"
#include "lib/base/shell_quoted.h"
#include "lib/verify/reproducer.h"
#include "tools/tsir/bisect_options.h"
#include "tools/tsir/reproduce.h"

#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

// The first application of the guilty pass that spoils something.
struct Application {
  size_t number = 0; // 0: LibTorch's limit does not reach what goes wrong
  size_t good = 0;   // the largest number below with which all is well
  std::string diff;  // what it changed
};

class Bisecting {
public:
  Bisecting(const BisectOptions& options, const Session& session);
  int run();

private:
  BisectState test(size_t count);
  BisectState judge(size_t count);
  BisectState time(size_t count);
  BisectState try_user_command(size_t count);
  bool same_with_limit(size_t count, size_t limit);
  Application find_application(size_t count);
  std::string write_folder(const BisectResult& found);
  int report(const BisectResult& found);
  std::string text(const BisectResult& found, const Application& application, const std::string& folder) const;
  std::string verify_command(size_t count) const;

  const BisectOptions& options_;
  const Session& session_;
  Pipeline passes_;
  StateSettings states_;
  ScratchFolder scratch_{"tsir"};
  std::map<size_t, PassVerdict> verdicts_; // by the number of passes
  std::string state_file_;                 // of --test
};

Bisecting::Bisecting(const BisectOptions& options, const Session& session)
    : options_(options), session_(session), passes_(Pipeline::parse(options.passes, session.registry)) {
  if (passes_.empty()) {
    throw Error(ErrorKind::usage, "give --passes: the pipeline to look into");
  }
  if (options.slower && !options.test.empty()) {
    throw Error(ErrorKind::usage, "--slower and --test: give one of them");
  }
  options.proof.check(session.registry);
  const c10::Device device = options.proof.execution.prepare();
  const bool wants_inputs = options.test.empty();
  states_.target = [&options, &session, device, wants_inputs] {
    return options.proof.target(session.registry, device, wants_inputs);
  };
  states_.limit = options.proof.pass_limit();
}

// A verdict that says nothing about the state counts as good.
bool is_bad(const PassVerdict& verdict) {
  constexpr Verdict bad[] = {Verdict::differs, Verdict::refused,   Verdict::failed,
                             Verdict::broken,  Verdict::timed_out, Verdict::crashed};
  return std::ranges::find(bad, verdict.verdict) != std::end(bad);
}

std::string line_of(const PassVerdict& verdict) {
  return fmt::format("{}{}{}", to_string(verdict.verdict), verdict.what.empty() ? "" : ": ", verdict.what);
}

BisectState Bisecting::judge(size_t count) {
  if (count == 0) {
    check_start({.target = states_.target, .limit = states_.limit, .on_verdict = {}});
    return {0, false, 0, "as it came"};
  }
  const PassVerdict verdict = judge_state(passes_.prefix(count), states_);
  BisectState state{count, is_bad(verdict), 0, line_of(verdict)};
  for (size_t i = 1; state.bad && i <= count; ++i) {
    if (verdict.passes == passes_.text(i)) {
      state.failed_after = i;
    }
  }
  verdicts_[state.failed_after > 0 ? state.failed_after : count] = verdict;
  return state;
}

// What stays open is asked again, with more time.
BisectState Bisecting::time(size_t count) {
  if (count == 0) {
    return {0, false, 0, "the start"};
  }
  BenchSettings bench;
  bench.rule.band = options_.band_percent / 100;
  bench.control = false;
  bench.check.compare = false; // that is not the question here
  bench.protocol.seed = options_.proof.input.settings.seed;
  StateTime found{Outcome::inconclusive, ""};
  double seconds = options_.bench_seconds;
  for (int tries = 0; tries < 3 && !settled(found.outcome); ++tries, seconds *= 3) {
    bench.protocol.max_seconds = seconds;
    StateSettings longer = states_;
    longer.limit += std::chrono::seconds(2 * static_cast<int64_t>(seconds));
    found = time_state(passes_.prefix(count), longer, bench);
  }
  return {count, found.outcome == Outcome::slower, 0, found.what};
}

// As `git bisect run` has it: 0 is good, 125 cannot be told, all else is bad.
BisectState Bisecting::try_user_command(size_t count) {
  constexpr int cannot_tell = 125;
  try {
    save_state(passes_.prefix(count), states_, state_file_);
  } catch (const Error& error) {
    return {count, true, 0, error.what()};
  }
  const auto code = run_command(options_.test, state_file_, states_.limit, {});
  if (code == 126 || code == 127) {
    throw Error(ErrorKind::usage, fmt::format("the shell cannot run `{}`", options_.test));
  }
  return {count, code != 0 && code != cannot_tell, 0,
          code ? fmt::format("the command ends with exit code {}", *code)
               : "the command does not end in time, or crashes"};
}

BisectState Bisecting::test(size_t count) {
  if (::isatty(STDERR_FILENO) != 0) {
    std::fprintf(stderr, "\r\033[Kafter %zu of %zu passes…", count, passes_.uses().size());
  }
  BisectState state = !options_.test.empty() ? try_user_command(count) : options_.slower ? time(count) : judge(count);
  if (::isatty(STDERR_FILENO) != 0) {
    std::fputs("\r\033[K", stderr);
  }
  return state;
}

// LibTorch's fuser asks more than once about one node, and may throw where the limit comes in between: that is another
// failure.
bool Bisecting::same_with_limit(size_t count, size_t limit) {
  return failure_signature(judge_state(passes_.prefix(count), states_, {options_.opt_limit, limit})) ==
         failure_signature(verdicts_.at(count));
}

// Does not show with none, and does with as many as it likes: doubling finds a number with which it shows, halving the
// first.
Application Bisecting::find_application(size_t count) {
  constexpr size_t most = 1U << 20;
  if (options_.opt_limit.empty() || !verdicts_.contains(count) || same_with_limit(count, 0)) {
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
  const auto limited = [&](size_t limit) { return OptLimit{options_.opt_limit, limit}; };
  while (without > 0 && is_bad(judge_state(passes_.prefix(count), states_, limited(without)))) {
    --without;
  }
  const auto graph = [&](size_t limit) { return state_text(passes_.prefix(count), states_, limited(limit)); };
  return {with, without, unified_diff(graph(without), graph(with), session_.color)};
}

std::string Bisecting::write_folder(const BisectResult& found) {
  const size_t count = found.after.steps;
  if (options_.reproducers.empty() || options_.proof.model.file == "-") {
    return "";
  }
  PassVerdict verdict = verdict_about(passes_.uses()[count - 1], passes_.text(count), passes_.text(count - 1));
  if (const auto known = verdicts_.find(count); known != verdicts_.end()) {
    verdict = known->second;
  } else {
    verdict.verdict = Verdict::not_run;
    verdict.what = found.after.what;
  }
  const ReproducerRequest request{.subcommand = options_.slower ? "bisect --slower" : "verify",
                                  .folder = options_.reproducers,
                                  .file = options_.proof.model.file,
                                  .file_arguments = text_arguments(options_.proof.model),
                                  .arguments = options_.proof.repeated(session_),
                                  .start = options_.proof.start,
                                  .registry = &session_.registry};
  SweepSettings settings;
  settings.target = states_.target;
  settings.limit = states_.limit;
  return write_reproducer(verdict, request, settings);
}

std::string Bisecting::verify_command(size_t count) const {
  std::string command = fmt::format("tsir {} {} {}--passes {}", options_.slower ? "bench" : "verify",
                                    shell_quoted(options_.proof.model.file), text_arguments(options_.proof.model),
                                    shell_quoted(passes_.text(count)));
  if (!options_.proof.start.empty()) {
    command += " --start " + shell_quoted(options_.proof.start);
  }
  for (const std::string& input : options_.proof.input.settings.inputs) {
    command += " --input " + shell_quoted(input);
  }
  return command;
}

std::string Bisecting::text(const BisectResult& found, const Application& application,
                            const std::string& folder) const {
  const size_t count = found.after.steps;
  std::string text = fmt::format("pass {} of {}, {}, is the first to spoil it\n", count, passes_.uses().size(),
                                 passes_.uses()[count - 1].text());
  text += fmt::format("  before it  {}\n  after it   {}\n", found.before.what, found.after.what);
  if (found.hidden) {
    text += "after all passes it is good again: a later pass hides what this one does\n";
  } else if (!options_.linear && found.tested.size() <= passes_.uses().size()) {
    text += "found by halves: should results be good again after an earlier bad pass, --linear finds that one\n";
  }
  if (!found.steady) {
    text += "tested once more, it came out otherwise: it does not go wrong every time\n";
  }
  if (application.number > 0) {
    text += fmt::format("application {} of {} does it: good with PYTORCH_JIT_OPT_LIMIT={}, bad with {}\n{}",
                        application.number, options_.opt_limit, to_text({options_.opt_limit, application.good}),
                        to_text({options_.opt_limit, application.number}), application.diff);
  }
  if (!folder.empty()) {
    text += fmt::format("a reproducer is in {}\n", folder);
  }
  return text + fmt::format("{} states tested; to see it again: {}\n", found.tested.size(), verify_command(count));
}

int Bisecting::report(const BisectResult& found) {
  nlohmann::ordered_json json = {{"schema", "tsir.bisect/1"},
                                 {"file", options_.proof.model.file},
                                 {"passes", passes_.text()},
                                 {"found", found.found}};
  auto tested = nlohmann::ordered_json::array();
  std::string states;
  for (const BisectState& state : found.tested) {
    tested.push_back({{"passes", state.steps}, {"bad", state.bad}, {"what", state.what}});
    states += fmt::format("  after {}  {}\n", state.steps, state.what);
  }
  json["tested"] = tested;
  std::string lines = fmt::format("no state after any of {} passes is wrong\n{}", passes_.uses().size(), states);
  if (found.found) {
    const Application application = find_application(found.after.steps);
    const std::string folder = write_folder(found);
    lines = text(found, application, folder);
    json.update({{"pass", passes_.uses()[found.after.steps - 1].text()},
                 {"index", found.after.steps},
                 {"before", found.before.what},
                 {"after", found.after.what},
                 {"hidden", found.hidden},
                 {"steady", found.steady},
                 {"opt_limit", application.number > 0 ? nlohmann::ordered_json(options_.opt_limit) : nullptr},
                 {"application", application.number > 0 ? nlohmann::ordered_json(application.number) : nullptr},
                 {"application_diff", application.diff},
                 {"reproducer", folder}});
  }
  write_report(
      session_, options_.json, [&] { return json; }, [&] { return lines; });
  return found.found ? 0 : static_cast<int>(ErrorKind::check);
}

int Bisecting::run() {
  if (!options_.test.empty()) {
    state_file_ = scratch_.path() + (is_module(states_) ? "/state.pt" : "/state.ir");
  }
  BisectRequest request;
  request.steps = passes_.uses().size();
  request.test = [this](size_t count) { return test(count); };
  request.linear = options_.linear;
  request.confirm = !options_.slower; // a bench asks often enough by itself
  return report(bisect(request));
}

} // namespace

void add_bisect(CLI::App& app, Command& command) {
  auto* sub = app.add_subcommand(
      "bisect",
      "Find the pass of a pipeline that spoils results, breaks the graph, throws, crashes or hangs; or the one that\n"
      "makes it slower, or that a command does not like. Then, as far as LibTorch's own limit reaches, the "
      "application\n"
      "within that pass. Every state runs in a child process. Exit code 0: found; 1: nothing is wrong");
  auto options = std::make_shared<BisectOptions>();
  options->add_to(*sub);
  sub->final_callback([options, &command] {
    command = [options](const Session& session) { return Bisecting(*options, session).run(); };
  });
}

} // namespace tsir::tool
