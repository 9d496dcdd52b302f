// Prints what analyses report.
#pragma once

#include "lib/pass/observer.h"
#include "lib/pass/observers/sink.h"

namespace tsir {

// The reports as comments, each under a header with the pipeline text that reproduces it, so that they and the graph
// that follows are one .ir text.
class ReportObserver : public Observer {
public:
  explicit ReportObserver(Sink sink) : sink_(std::move(sink)) {}
  void after_pass(const PassEvent& event, Unit& unit) override;

private:
  Sink sink_;
};

} // namespace tsir
