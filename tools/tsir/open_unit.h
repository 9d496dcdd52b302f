// From a file on the command line to a Unit: what opt, run, bench and dot begin with.
#pragma once

#include "lib/model/text_ir.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

// How the file is opened. look: none of the model's code runs; load: fully, ready to run.
enum class OpenMode { inspect, load };

using Warn = std::function<void(const TextFault&)>;
// To standard error, each once: a text is read again for each variant that is timed or compared.
void warn_once(const TextFault& doubt);

// How .ir text is read. `number`: as of OpenedModel::unit. `warn`: told of what is doubtful.
ReadSettings read_settings(const ModelOptions& options, size_t number = 0, const Warn& warn = warn_once);

// A .pt or .ir file, opened; every unit() is a fresh one. Opening is bounded by the options' time limit.
class OpenedModel {
public:
  OpenedModel(const ModelOptions& options, OpenMode mode, c10::Device device = c10::kCPU);
  ~OpenedModel();
  // For a module: of the method chosen on the command line, else forward, else the only one.
  // `number`: which of several graphs; 0: the one chosen on the command line, else the only one.
  Unit unit(size_t number = 0, const Warn& warn = warn_once) const;
  // Of a text, where none was chosen on the command line: how many it holds. Else 1.
  size_t graphs() const;
  bool is_graph() const;         // .ir text
  std::string_view text() const; // all of the file

private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether running `pipeline` needs a fully loaded module.
bool runs_operators(const Pipeline& pipeline);
// Whether it has passes that need the unit to be run on example inputs first.
bool has_profiled(const Pipeline& pipeline);
// The inputs of the command line, on `device`, made to fit the unit. Throws Error(usage).
std::vector<c10::IValue> inputs_for(const InputOptions& options, Unit& unit, c10::Device device);

} // namespace tsir::tool
