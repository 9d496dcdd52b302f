// A pipeline: passes in order, from text such as `freeze{preserved-attrs=a;b},cse,dce`. Pipeline::run is the only loop
// over passes in the whole program; everything that needs to see passes run is an observer.
#pragma once

#include "lib/base/setting.h"
#include "lib/pass/observer.h"
#include "lib/pass/registry.h"

namespace tsir {

struct PassUse {
  const PassRow* row = nullptr;
  PassOptions options;
  std::string text() const; // `name{changed options}`, with the canonical name
};

struct RunSettings {
  const std::vector<c10::IValue>* inputs = nullptr; // example inputs without self
  c10::Device device = c10::kCPU;
  bool grad = false;                                 // autograd is on where a pass runs the unit
  std::optional<uint64_t> start_hash = std::nullopt; // canonical_hash() of the unit, if it is known
};

class Pipeline {
public:
  Pipeline() = default;
  explicit Pipeline(std::vector<PassUse> uses) : uses_(std::move(uses)) {}
  // Expands presets. Throws Error(usage) that gives the column and suggests the nearest name; it names the text
  // by `from`, the setting that the user gave it with.
  static Pipeline parse(std::string_view text, const Registry& registry, Setting from = Setting::passes);
  // The same for a text that the user did not give; the error names it by `called`: "the example of freeze-module".
  static Pipeline parse(std::string_view text, const Registry& registry, const std::string& called);

  const std::vector<PassUse>& uses() const { return uses_; }
  bool empty() const { return uses_.empty(); }
  // The text that reproduces this pipeline, or its first `count` passes.
  std::string text() const { return text(uses_.size()); }
  std::string text(size_t count) const;
  Pipeline prefix(size_t count) const;
  Pipeline followed_by(std::span<const PassUse> more) const;

  // Runs the passes in order on `unit`. Observers are called in the given order before a pass and in reverse order
  // after it. A pass that throws ends the run with Error(pass), which names the pass and the unit: Refused if the
  // pass threw Refused.
  void run(Unit& unit, const RunSettings& settings, std::span<Observer* const> observers = {}) const;

private:
  std::vector<PassUse> uses_;
};

// Every pass of the registry that `keep` (may be empty) wants, by name, with its defaults. Not those that lower the
// precision of results, because users have to ask for that.
Pipeline every_pass(const Registry& registry, const std::function<bool(const PassRow&)>& keep = {});

} // namespace tsir
