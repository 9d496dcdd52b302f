// Writes the graph before the first pass and after every pass, one .ir file each: 000-start.ir, 001-freeze-module.ir.
#pragma once

#include "lib/ir/text/print.h"
#include "lib/pass/observer.h"

namespace tsir {

class DumpObserver : public Observer {
public:
  // Creates the folder; throws Error(usage) if it cannot.
  DumpObserver(std::string folder, PrintSettings settings);
  void before_pipeline(Unit& unit) override;
  void after_pass(const PassEvent& event, Unit& unit) override;

private:
  void write(size_t number, const std::string& name, const std::string& passes, const Unit& unit) const;
  std::string folder_;
  PrintSettings settings_;
};

} // namespace tsir
