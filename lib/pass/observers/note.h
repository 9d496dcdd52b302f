// Prints the notes of passes: why they found nothing to do, which fuser they used, and that the unit is run to get the
// types that a profiled pass needs.
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
