// Opens a file and makes Units from it, which is the first step of every kind of work.
#pragma once

#include "lib/base/bytes.h"
#include "lib/base/text_error.h"
#include "lib/model/unit.h"

#include <chrono>

namespace tsir {

// Which unit to open, and how. Plain values, so that they can be written as a command line and parsed again.
struct UnitSource {
  std::string file;                // a path, or "-" for standard input
  std::string method = {};         // a dotted path ("layer1.forward"); "" for forward, or the only one
  size_t graph = 0;                // which of several graphs in a text, from 1 on; 0 for the only one
  std::string fill_constants = {}; // values for constants that a text leaves out: zeros, ones, random:SEED; or ""
  std::vector<std::string> libraries = {};                        // of custom operators, to be loaded first
  std::chrono::nanoseconds open_limit = std::chrono::seconds(60); // for opening the file
};

// inspect: none of the model's code runs. load: the model is loaded fully, ready to run.
enum class OpenMode { inspect, load };

// Receives warnings about parts of a text that are valid but rarely intended.
using Warn = std::function<void(const TextFault&)>;

// An open .pt or .ir file. Every call of unit() makes a new unit with its own graphs and weights. Opening is subject to
// the source's time limit, which a supervising process enforces (TimeLimit in lib/process/phase.h).
class OpenedModel {
public:
  // `warn` may be empty. Throws Error(load), and Error(usage) if a library cannot be loaded.
  OpenedModel(const UnitSource& source, OpenMode mode, c10::Device device = c10::kCPU, Warn warn = {});
  ~OpenedModel();
  OpenedModel(const OpenedModel&) = delete;
  OpenedModel& operator=(const OpenedModel&) = delete;

  // Makes a unit of the source's method, else of forward, else of the only method. If the model is loaded, devices that
  // its code names follow its tensors (lib/model/devices.h), with a warning. `number`: which of several graphs;
  // 0: the source's, else the only one. Throws Error(load), and Error(usage) if there is no such method or graph.
  Unit unit(size_t number = 0) const;
  // The same, with `warn` in place of the one given to the constructor.
  Unit unit(size_t number, const Warn& warn) const;
  // The number of graphs in a text if the source does not select one; else 1.
  size_t graphs() const;
  bool is_text() const;          // .ir
  std::string_view text() const; // the content of the file
  std::shared_ptr<const Bytes> bytes() const;
  // The inputs that the method was traced with, as texts (lib/model/traced_inputs.h); empty if the file holds none.
  // `method`: a dotted path.
  std::vector<std::string> traced_inputs(const std::string& method) const;
  const UnitSource& source() const;
  const Warn& warn() const; // may be empty
  OpenMode mode() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace tsir
