// Prints graphs while the passes run: before or after passes, or after those that changed something. Every header holds
// the pipeline text that reproduces the graph under it.
#pragma once

#include "lib/ir/text/print.h"
#include "lib/pass/observer.h"
#include "lib/pass/observers/sink.h"

#include <set>

namespace tsir {

// The passes to print at: all of them, or those with the given canonical names.
struct PassFilter {
  bool all = false;
  std::set<std::string> names;
  bool matches(const std::string& name) const { return all || names.contains(name); }
};

class PrintObserver : public Observer {
public:
  PrintObserver(PassFilter before, PassFilter after, PrintSettings settings, Sink sink)
      : before_(std::move(before)), after_(std::move(after)), settings_(settings), sink_(std::move(sink)) {}
  void before_pass(const PassEvent& event, Unit& unit) override;
  void after_pass(const PassEvent& event, Unit& unit) override;
  // Prints the graph as the failed pass left it, if printing after that pass was requested.
  void pass_failed(const PassEvent& event, Unit& unit, const std::string& what) override;

private:
  PassFilter before_;
  PassFilter after_;
  PrintSettings settings_;
  Sink sink_;
};

// Prints the graph after passes that changed it, whole or as a diff; for an unchanged graph it prints one line.
class ChangeObserver : public Observer {
public:
  ChangeObserver(bool diff, bool color, PrintSettings settings, Sink sink)
      : diff_(diff), color_(color), settings_(settings), sink_(std::move(sink)) {
    settings_.keep_numbers = diff; // a diff of renumbered texts would show every number after a removed node
  }
  void before_pipeline(Unit& unit) override;
  void after_pass(const PassEvent& event, Unit& unit) override;

private:
  bool diff_;
  bool color_;
  PrintSettings settings_;
  Sink sink_;
  std::string previous_;
};

} // namespace tsir
