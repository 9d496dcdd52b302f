// From a file to a Unit: what every kind of work begins with.
#pragma once

#include "lib/base/text_error.h"
#include "lib/model/unit.h"

#include <chrono>

namespace tsir {

// Which unit to open, and how. Plain values, so that a command line can be made of them and read back.
struct UnitSource {
  std::string file;                // a path, or "-" for standard input
  std::string method = {};         // "" for forward, or the only one
  size_t graph = 0;                // which of several in a text, from 1 on; 0 for the only one
  std::string fill_constants = {}; // stand-ins for constants that a text leaves out: zeros, ones, random:SEED; or ""
  std::vector<std::string> libraries = {};                        // of custom operators, to be loaded first
  std::chrono::nanoseconds open_limit = std::chrono::seconds(60); // for opening the file
};

// inspect: none of the model's code runs; load: fully, ready to run.
enum class OpenMode { inspect, load };

// Told of what can be read in a text and is rarely meant.
using Warn = std::function<void(const TextFault&)>;

// A .pt or .ir file, opened; every unit() is a fresh one, with graphs and weights of its own. Opening is bounded by the
// source's limit, which a supervising process enforces (TimeLimit in lib/process/phase.h).
class OpenedModel {
public:
  // `warn` may be empty. Throws Error(load), and Error(usage) where a library cannot be loaded.
  OpenedModel(const UnitSource& source, OpenMode mode, c10::Device device = c10::kCPU, Warn warn = {});
  ~OpenedModel();
  OpenedModel(const OpenedModel&) = delete;
  OpenedModel& operator=(const OpenedModel&) = delete;

  // Of the source's method, else forward, else the only one. `number`: which of several graphs; 0: the source's, else
  // the only one. Throws Error(load), and Error(usage) where there is no such method or graph.
  Unit unit(size_t number = 0) const;
  // The same, with `warn` in place of the one given to the constructor.
  Unit unit(size_t number, const Warn& warn) const;
  // How many graphs a text holds where the source names none of them; else 1.
  size_t graphs() const;
  bool is_text() const;          // .ir
  std::string_view text() const; // all of the file
  const UnitSource& source() const;
  OpenMode mode() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace tsir
