// Compares the outputs after every pass with those of the start, on the same inputs, seeds and module state.
#pragma once

#include "lib/pass/observer.h"
#include "lib/pass/observers/sink.h"
#include "lib/run/compare.h"

namespace tsir {

class CompareObserver : public Observer {
public:
  CompareObserver(std::vector<c10::IValue> inputs, Tolerance tolerance, bool grad, uint64_t seed, Sink sink)
      : inputs_(std::move(inputs)), tolerance_(tolerance), grad_(grad), seed_(seed), sink_(std::move(sink)) {}
  void before_pipeline(Unit& unit) override;
  void after_pass(const PassEvent& event, Unit& unit) override;
  // Throws Error(check) that names the first pass after which outputs differ, once all passes have run.
  void after_pipeline(Unit& unit) override;

private:
  std::vector<c10::IValue> run(const Unit& unit) const;
  std::vector<c10::IValue> inputs_;
  Tolerance tolerance_;
  bool grad_;
  uint64_t seed_;
  Sink sink_;
  std::vector<c10::IValue> reference_;
  std::string failure_;
};

} // namespace tsir
