#include "lib/pass/pipeline.h"

#include "lib/pass/idle.h"
#include "lib/pass/needs.h"
#include "lib/pass/refused.h"
#include "lib/pass/unit_hash.h"
#include "lib/process/phase.h"
#include "lib/run/switches.h"

namespace tsir {

std::string PassUse::text() const {
  return row->name + options.changed_text();
}

std::string Pipeline::text(size_t count) const {
  std::string joined;
  for (size_t i = 0; i < std::min(count, uses_.size()); ++i) {
    joined += (i == 0 ? "" : ",") + uses_[i].text();
  }
  return joined;
}

Pipeline Pipeline::prefix(size_t count) const {
  return Pipeline(std::vector<PassUse>(uses_.begin(), uses_.begin() + static_cast<std::ptrdiff_t>(count)));
}

Pipeline Pipeline::followed_by(std::span<const PassUse> more) const {
  std::vector<PassUse> all = uses_;
  all.insert(all.end(), more.begin(), more.end());
  return Pipeline(std::move(all));
}

namespace {

// Runs one pass and fills in the event. `hash` is the unit's hash, before the call and then after the pass.
void run_pass(PassEvent& event, Unit& unit, const RunSettings& settings, uint64_t& hash) {
  const Phase phase(fmt::format("running pass {} on {}", event.use.row->name, unit.name()));
  check_needs(*event.use.row, unit, settings.inputs);
  // Many passes make nodes ready to run, and some run the graph.
  const std::vector<SwitchScope> switches = switches_for(*unit.graph());
  const auto start = std::chrono::steady_clock::now();
  PassResult outcome =
      event.use.row->run(unit, PassContext{event.use.options, settings.inputs, settings.device, settings.grad});
  event.duration = std::chrono::steady_clock::now() - start;
  const uint64_t hash_before = std::exchange(hash, canonical_hash(unit));
  event.changed = hash != hash_before;
  event.note = std::move(outcome.note);
  event.report = std::move(outcome.report);
  event.data = std::move(outcome.data);
  event.beyond_host = std::move(outcome.beyond_host);
  if (!event.changed && event.note.empty()) {
    event.note = idle_reason(*event.use.row, unit);
  }
}

} // namespace

void Pipeline::run(Unit& unit, const RunSettings& settings, std::span<Observer* const> observers) const {
  const auto backwards = [&](auto&& notify) { std::for_each(observers.rbegin(), observers.rend(), notify); };
  for (Observer* observer : observers) {
    observer->before_pipeline(unit);
  }
  uint64_t hash = uses_.empty() ? 0 : settings.start_hash ? *settings.start_hash : canonical_hash(unit);
  for (size_t i = 0; i < uses_.size(); ++i) {
    PassEvent event{.use = uses_[i],
                    .index = i,
                    .count = uses_.size(),
                    .pipeline_text = text(i + 1),
                    .before_text = text(i),
                    .note = {},
                    .report = {},
                    .data = {}};
    for (Observer* observer : observers) {
      observer->before_pass(event, unit);
    }
    try {
      run_pass(event, unit, settings, hash);
    } catch (const std::exception& error) {
      const std::string what = one_line(error);
      event.refused = dynamic_cast<const Refused*>(&error) != nullptr;
      backwards([&](Observer* observer) { observer->pass_failed(event, unit, what); });
      const std::string line = fmt::format("pass {} ({} of {}) failed on {}: {}", uses_[i].row->name, i + 1,
                                           uses_.size(), unit.name(), what);
      if (event.refused) {
        throw Refused(line);
      }
      throw Error(ErrorKind::pass, line);
    }
    backwards([&](Observer* observer) { observer->after_pass(event, unit); });
  }
  backwards([&](Observer* observer) { observer->after_pipeline(unit); });
}

Pipeline every_pass(const Registry& registry, const std::function<bool(const PassRow&)>& keep) {
  std::vector<PassUse> uses;
  for (const PassRow* row : registry.rows()) {
    if (!row->lowers_precision && (!keep || keep(*row))) {
      uses.push_back({row, PassOptions(row->options)});
    }
  }
  return Pipeline(std::move(uses));
}

} // namespace tsir
