#include "lib/verify/sweep_start.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/pass/unit_hash.h"
#include "lib/process/resources.h"
#include "lib/run/threads.h"
#include "lib/verify/stored_behaviour.h"

namespace tsir {
namespace {

using SweepClock = std::chrono::steady_clock;

double seconds_after(SweepClock::time_point begun) {
  return std::chrono::duration<double>(SweepClock::now() - begun).count();
}

Error start_death(const WorkerDeath& death) {
  return death.kind == WorkerDeath::Kind::timed_out
             ? Error(ErrorKind::check, fmt::format("the unit {} before any pass; {} SECONDS allows more", death.what,
                                                   spelled(Setting::pass_time_limit)))
             : Error(ErrorKind::crash, "LibTorch crashed on the unit before any pass: " + death.what);
}

SweepStart::Opened open_target(const SweepSettings& settings) {
  VerifyTarget target = settings.target();
  Unit unit = target.open();
  return {.target = std::move(target), .unit = std::move(unit)};
}

void require_no_error(const Behaviour& behaviour) {
  for (const CallObservation& call : behaviour) {
    if (!call.error.empty()) {
      throw Error(ErrorKind::check, call.error);
    }
  }
}

} // namespace

struct SweepStart::State {
  std::optional<SingleThread> single_thread; // children set their own number
  std::optional<Opened> opened;
  SharedMemory memory; // holds the tensors of `known`
  std::shared_ptr<const KnownStart> known;
};

SweepStart::SweepStart(SweepSettings settings) : settings_(std::move(settings)), state_(std::make_unique<State>()) {
  if (settings_.shared) {
    state_->single_thread.emplace();
    const auto begun = SweepClock::now();
    state_->opened = open_target(settings_);
    state_->opened->hash = canonical_hash(state_->opened->unit);
    open_seconds_ = seconds_after(begun);
  }
}

SweepStart::~SweepStart() = default;

RunSettings SweepStart::Opened::run_settings() const {
  RunSettings settings = target.run_settings();
  settings.start_hash = hash;
  return settings;
}

bool SweepStart::can_fork() const {
  return !settings_.shared || running_threads() == 1;
}

WorkerSettings SweepStart::worker() const {
  return {.limit = settings_.limit,
          .discard_output = true,
          .ignore_interrupt = settings_.ignore_interrupt,
          .environment = settings_.environment};
}

SweepStart::Opened SweepStart::enter() const {
  set_threads(settings_.threads);
  Opened opened = state_->opened ? *state_->opened : open_target(settings_);
  if (state_->known) {
    opened.target.start = state_->known;
  }
  return opened;
}

void SweepStart::observe() {
  const auto result = in_worker<WorkerJson>(worker(), [this] {
    const auto begun = SweepClock::now();
    const Opened start = enter();
    const double opening = seconds_after(begun);
    const auto interface = interface_of(start.unit);
    const auto opened = SweepClock::now();
    const Behaviour behaviour = tsir::observe(start.unit, start.target.observe);
    const double seconds = seconds_after(opened);
    require_no_error(behaviour);
    const auto index = store(behaviour, state_->memory);
    return WorkerJson{{"opening", opening},
                      {"seconds", seconds},
                      {"interface", interface},
                      {"index", index ? WorkerJson(*index) : WorkerJson()}};
  });
  if (const auto* death = std::get_if<WorkerDeath>(&result)) {
    throw start_death(*death);
  }
  const WorkerJson seen = value_or_throw(result);
  auto known = std::make_shared<KnownStart>();
  known->interface = seen.at("interface").get<std::vector<std::string>>();
  if (const WorkerJson& index = seen.at("index"); !index.is_null()) {
    known->behaviour = stored_behaviour(state_->memory, index);
  }
  state_->known = std::move(known);
  observe_seconds_ = seen.at("seconds");
  open_seconds_ += seen.at("opening").get<double>();
}

// A child that copies the weights takes as much memory again as this process.
size_t SweepStart::at_once() const {
  if (settings_.at_once > 0 || !settings_.shared) {
    return std::max<size_t>(settings_.at_once, 1);
  }
  const auto threads = static_cast<size_t>(settings_.threads > 0 ? settings_.threads : default_threads());
  const size_t by_cores = usable_cores() / std::max<size_t>(threads, 1);
  const size_t by_memory = available_memory() / std::max<uint64_t>(resident_memory(), 1);
  return std::max<size_t>(std::min(by_cores, by_memory), 1);
}

WorkerJson with_start(const SweepSettings& settings,
                      const std::function<WorkerJson(SweepStart&, const EventSink<WorkerJson>&)>& work,
                      const EventSink<WorkerJson>& on_event) {
  WorkerSettings worker{.limit = settings.limit,
                        .limit_until_event = true,
                        .discard_output = true,
                        .ignore_interrupt = settings.ignore_interrupt,
                        .environment = settings.environment};
  bool opened = false;
  const auto result = run_worker(
      worker,
      [&](const EventSink<WorkerJson>& send) -> WorkerJson {
        SweepStart start(settings);
        send("opened");
        if (!start.can_fork()) {
          return nullptr;
        }
        return {{"value", work(start, send)}};
      },
      [&](const WorkerJson& event) {
        if (std::exchange(opened, true)) {
          on_event(event);
        }
      });
  if (const auto* death = std::get_if<WorkerDeath>(&result)) {
    throw opened ? Error(ErrorKind::crash, "the process that holds the unit ended: " + death->what)
                 : start_death(*death);
  }
  const WorkerJson value = value_or_throw(result);
  if (value.is_null()) {
    SweepSettings apart = settings;
    apart.shared = false;
    return with_start(apart, work, on_event);
  }
  return value.at("value");
}

} // namespace tsir
