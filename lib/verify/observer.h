// Verifies while a pipeline runs: checks after each pass that the graph is valid and that the unit behaves as before.
#pragma once

#include "lib/pass/pipeline.h"
#include "lib/verify/behaviour.h"
#include "lib/verify/verdict.h"

namespace tsir {

// Makes a verdict that only has the name of the pass, and the pipeline texts that reproduce the states after and before
// it.
PassVerdict verdict_about(const PassUse& use, std::string passes, std::string before);
// "pytorch#61223: …" if `message` is that of a known defect of the pass; else "".
std::string known_defect(const PassRow& row, const std::string& message);

// What is known of the unit before any pass.
struct KnownStart {
  std::vector<std::string> interface; // as interface_of gives it
  std::optional<Behaviour> behaviour;
};

// The kinds of the unit's inputs and the number of its outputs.
std::vector<std::string> interface_of(const Unit& unit);

struct VerifyTarget {
  std::function<Unit()> open;              // makes a fresh unit, before any pass
  std::shared_ptr<const KnownStart> start; // what is not known here is found out on a fresh unit
  ObserveSettings observe;
  Tolerance tolerance;
  c10::Device device = c10::kCPU;
  bool last_only = false; // judges the state after the last pass, and only checks the graph after the others

  // For the passes. Refers to this object.
  RunSettings run_settings() const {
    const auto& sets = observe.input_sets;
    return {.inputs = sets.empty() ? nullptr : &sets.front(), .device = device, .grad = observe.grad};
  }
};

class BehaviourObserver : public Observer {
public:
  using OnBegin = std::function<void(const PassEvent&)>;
  using OnVerdict = std::function<void(const PassVerdict&)>;
  // `begin` is called before every pass, `verdict` after it.
  BehaviourObserver(const VerifyTarget& target, OnBegin begin, OnVerdict verdict)
      : target_(target), on_begin_(std::move(begin)), on_verdict_(std::move(verdict)) {}
  void before_pass(const PassEvent& event, Unit& unit) override;
  void after_pass(const PassEvent& event, Unit& unit) override;
  void pass_failed(const PassEvent& event, Unit& unit, const std::string& what) override;

private:
  void judge(const PassEvent& event, const Unit& unit, PassVerdict& verdict);
  const Behaviour& reference();
  std::vector<std::string> start_interface() const;

  const VerifyTarget& target_;
  OnBegin on_begin_;
  OnVerdict on_verdict_;
  std::optional<Behaviour> reference_;
};

} // namespace tsir
