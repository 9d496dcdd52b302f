// What passes have to say: that they found nothing to do and why, which fuser they took, and that the unit is run so
// that a profiled pass gets its types.
#pragma once

#include "lib/pass/observer.h"
#include "lib/pass/observers/sink.h"

namespace tsir {

class NoteObserver : public Observer {
public:
  explicit NoteObserver(Sink sink) : sink_(std::move(sink)) {}
  void before_pass(const PassEvent& event, Unit& unit) override;
  void after_pass(const PassEvent& event, Unit& unit) override;

private:
  Sink sink_;
};

} // namespace tsir
