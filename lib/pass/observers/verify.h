// Runs LibTorch's own check of the graph after every pass.
#pragma once

#include "lib/pass/observer.h"

namespace tsir {

class VerifyObserver : public Observer {
public:
  // Throws Error(pass) that names the pass that left a broken graph.
  void after_pass(const PassEvent& event, Unit& unit) override;
};

} // namespace tsir
