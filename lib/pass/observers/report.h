// What analyses report.
#pragma once

#include "lib/pass/observer.h"
#include "lib/pass/observers/sink.h"

namespace tsir {

// The reports as comments, each under a header with the --passes text that reproduces it, so that they and the graph
// behind them are .ir text together.
class ReportObserver : public Observer {
public:
  explicit ReportObserver(Sink sink) : sink_(std::move(sink)) {}
  void after_pass(const PassEvent& event, Unit& unit) override;

private:
  Sink sink_;
};

} // namespace tsir
