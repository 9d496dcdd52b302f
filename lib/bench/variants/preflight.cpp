#include "lib/bench/variants/preflight.h"

#include "lib/base/error.h"
#include "lib/bench/variants/train.h"
#include "lib/process/phase.h"
#include "lib/process/resources.h"
#include "lib/process/worker.h"
#include "lib/run/compare.h"
#include "lib/run/threads.h"

namespace tsir {
namespace {

// Runs the variant once if its passes changed something. Returns its passes.
std::vector<PassOutcome> try_variant(const BenchTarget& target, const VariantSpec& spec) {
  const Variant variant = make_variant(target, spec);
  const bool changed = std::ranges::any_of(variant.passes, &PassOutcome::changed);
  if (changed && !runs_interpreted_nnc(*variant.runnable.executed_graph(), target.device)) {
    const Phase phase(fmt::format("running {} after {}", variant.unit.name(), spec.pipeline.text()));
    if (target.training) {
      target.training->first_steps(target, variant, /*must_be_finite=*/false, nullptr);
    } else {
      variant.runnable.run(deep_copies(target.inputs));
    }
  }
  return variant.passes;
}

WorkerJson json_of(const std::vector<PassOutcome>& passes) {
  WorkerJson all = WorkerJson::array();
  for (const PassOutcome& pass : passes) {
    all.push_back({{"text", pass.text},
                   {"seconds", pass.seconds},
                   {"changed", pass.changed},
                   {"of_module", pass.of_module},
                   {"note", pass.note}});
  }
  return all;
}

std::vector<PassOutcome> passes_from(const WorkerJson& json) {
  std::vector<PassOutcome> passes;
  for (const WorkerJson& pass : json) {
    passes.push_back({.text = pass.at("text"),
                      .seconds = pass.at("seconds"),
                      .changed = pass.at("changed"),
                      .of_module = pass.at("of_module"),
                      .note = pass.at("note")});
  }
  return passes;
}

// Tries the variants of one bench.
class Preflight {
public:
  Preflight(std::vector<VariantSpec>& specs, const std::function<BenchTarget()>& target, int threads,
            std::chrono::nanoseconds limit, const Hooks& hooks)
      : specs_(specs), target_(target), threads_(threads), limit_(limit), hooks_(hooks), tried_(specs.size()) {
    tried_[0] = true;
    for (size_t i = 0; i < specs.size(); ++i) {
      tried_[i] = tried_[i] || specs[i].rival;
    }
  }
  void try_from_one_start();
  void try_the_rest();

private:
  struct Stopped {};
  void stop_if_asked() const {
    if (hooks_.stop && hooks_.stop()) {
      throw Stopped();
    }
  }
  void tell(size_t index) const;
  void take(size_t index, const WorkerJson& result);
  WorkerJson try_shared(const BenchTarget& target, const Variant& start, size_t index) const;
  WorkerJson try_all_shared(const EventSink<WorkerJson>& send) const;

  std::vector<VariantSpec>& specs_;
  const std::function<BenchTarget()>& target_;
  int threads_;
  std::chrono::nanoseconds limit_;
  const Hooks& hooks_;
  std::vector<bool> tried_;
};

void Preflight::tell(size_t index) const {
  if (hooks_.progress) {
    hooks_.progress({.doing = "trying " + specs_[index].name,
                     .done = static_cast<double>(index) / static_cast<double>(specs_.size()),
                     .eta_seconds = 0});
  }
}

std::string crash_text(const WorkerDeath& death) {
  return (death.kind == WorkerDeath::Kind::crashed ? "LibTorch crashed: " : "") + death.what;
}

// The variant's passes after those of the start, in a child that has the start as it was opened.
WorkerJson Preflight::try_shared(const BenchTarget& target, const Variant& start, size_t index) const {
  const auto result = in_worker<WorkerJson>({.limit = limit_}, [&]() -> WorkerJson {
    set_threads(threads_);
    BenchTarget opened = target;
    opened.open = [&start] { return start.unit; };
    VariantSpec rest = specs_[index];
    rest.pipeline = Pipeline().followed_by(std::span(rest.pipeline.uses()).subspan(start.passes.size()));
    try {
      return json_of(try_variant(opened, rest));
    } catch (const std::exception&) { // thrown again when variants are checked, and reported there
      return nullptr;
    }
  });
  if (const auto* death = std::get_if<WorkerDeath>(&result)) {
    return {{"crash", crash_text(*death)}};
  }
  const WorkerJson own = value_or_throw(result);
  if (own.is_null()) {
    return {{"crash", ""}};
  }
  WorkerJson passes = json_of(start.passes);
  passes.insert(passes.end(), own.begin(), own.end());
  const bool idle = std::ranges::none_of(passes_from(own), &PassOutcome::changed);
  return {{"crash", ""}, {"idle", idle}, {"passes", passes}, {"open_seconds", start.open_seconds}};
}

// Runs in the process that holds the start. Sends the index of each variant, then what was found.
WorkerJson Preflight::try_all_shared(const EventSink<WorkerJson>& send) const {
  const SingleThread single_thread; // the children set their own number
  const BenchTarget target = target_();
  const Variant start = make_variant(target, {.name = "start", .pipeline = specs_[0].pipeline});
  send("opened");
  if (!target.device.is_cpu() || running_threads() != 1) { // a fork would not copy the device's state, or the threads
    return nullptr;
  }
  for (size_t i = 1; i < specs_.size(); ++i) {
    if (!tried_[i] && !specs_[i].open) {
      send({{"index", i}, {"result", nullptr}});
      send({{"index", i}, {"result", try_shared(target, start, i)}});
    }
  }
  return nullptr;
}

void Preflight::take(size_t index, const WorkerJson& result) {
  if (result.is_null()) {
    tell(index);
    return;
  }
  tried_[index] = true;
  specs_[index].crash = result.at("crash");
  if (result.value("idle", false)) {
    specs_[index].idle = IdleTrial{passes_from(result.at("passes")), result.at("open_seconds")};
  }
}

// What cannot be tried here is left for try_the_rest.
void Preflight::try_from_one_start() {
  const WorkerSettings worker{.limit = limit_, .limit_until_event = true, .while_waiting = [this] { stop_if_asked(); }};
  try {
    const auto result = run_worker(
        worker, [this](const EventSink<WorkerJson>& send) { return try_all_shared(send); },
        [this](const WorkerJson& event) {
          if (event.is_object()) {
            take(event.at("index"), event.at("result"));
          }
        });
  } catch (const Stopped&) {
  }
}

void Preflight::try_the_rest() {
  for (size_t i = 0; i < specs_.size() && !(hooks_.stop && hooks_.stop()); ++i) {
    if (tried_[i]) {
      continue;
    }
    tell(i);
    const auto result = in_worker<void>({.limit = limit_}, [&] {
      set_threads(threads_);
      try {
        try_variant(target_(), specs_[i]);
      } catch (const std::exception&) { // thrown again when variants are checked, and reported there
      }
    });
    if (const auto* death = std::get_if<WorkerDeath>(&result)) {
      specs_[i].crash = crash_text(*death);
    } else {
      value_or_throw(result); // a TimeLimit of opening the file has passed
    }
  }
}

} // namespace

void mark_crashing(std::vector<VariantSpec>& specs, const std::function<BenchTarget()>& target, int threads,
                   std::chrono::nanoseconds limit, const Hooks& hooks) {
  Preflight preflight(specs, target, threads, limit, hooks);
  preflight.try_from_one_start();
  preflight.try_the_rest();
}

} // namespace tsir
