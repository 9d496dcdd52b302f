// The reports of analyses.
#pragma once

#include "lib/pass/observer.h"
#include "lib/pass/observers/sink.h"

namespace tsir {

// Prints reports as comments, each under a header with the --passes text that reproduces it, so that reports and graphs
// together are .ir text.
class ReportObserver : public Observer {
public:
  explicit ReportObserver(Sink sink) : sink_(std::move(sink)) {}
  void after_pass(const PassEvent& event, Unit& unit) override;

private:
  Sink sink_;
};

} // namespace tsir
