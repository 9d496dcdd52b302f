// What a model file contains, gathered once from a file, a module or a graph, and then written as text or as JSON.
#pragma once

#include "lib/archive/archive.h"
#include "lib/base/error.h"
#include "lib/model/summary.h"
#include "lib/model/text_ir.h"
#include "lib/run/runnable.h"

#include <chrono>
#include <set>

namespace tsir {

struct DumpSettings {
  std::string method = {};                // a dotted path ("layer1.forward"), "*" for all methods, "" for the default
  std::vector<std::string> sections = {}; // some of dump_sections(), or "all"; empty for summary and graph
  bool always_summary = false;            // gather the summary also where that section is not asked for
  bool inline_calls = true;               // else graphs as they stand, and those of what they call
  bool locations = false;                 // where in the source each node comes from
  bool values = false;                    // of attributes and constants, long ones in part
  std::chrono::nanoseconds time_limit = std::chrono::minutes(1); // for opening a module
};

// All sections, in the order in which they are shown.
const std::vector<std::string>& dump_sections();
// The sections of the settings, or the default. Throws Error(usage) that lists the sections where one is not known.
std::set<std::string> chosen_sections(const DumpSettings& settings);

struct ShownGraph {
  std::string title; // "forward, all calls inlined"
  std::string method;
  size_t nodes = 0;
  std::string text;
};

struct ShownAttribute {
  std::string path, kind, type, device, value, shared_with;
};

struct ShownMethod {
  std::string path; // "forward", "layer1.forward"
  std::string schema;
  size_t nodes = 0;
};

// Sections that were not asked for are empty. `summary` is absent for a graph that came as text and for a file that
// cannot be compiled, `archive` for all that came as text.
struct DumpView {
  std::string file = {};
  std::string kind = {}; // "a TorchScript module"
  std::set<std::string> sections = {};
  std::optional<ModelSummary> summary = {};
  std::optional<ArchiveSummary> archive = {};
  OperatorCounts operators = {};
  std::string operators_of = {};
  std::vector<ShownMethod> schemas = {};
  std::vector<ShownMethod> methods = {};
  std::vector<ShownGraph> graphs = {};
  std::map<std::string, std::string> code = {};
  std::vector<ShownAttribute> attributes = {};
  std::vector<ShownAttribute> constants = {};
  std::vector<ArchiveEntry> files = {};
  std::vector<std::string> notes = {}; // what is shown in another way than was asked for, a line each
  // Why the rest of the file could not be shown, in one line; empty where nothing is missing.
  std::string problem = {};
  ErrorKind problem_kind = ErrorKind::load;
};

// A .pt or .ir file. Nothing of the model is run. Where this LibTorch cannot compile a module, the view has what can be
// told of the archive, and the problem. Throws Error(load) where there is nothing to show, Error(usage) where the
// settings do not suit the file.
DumpView view_of_file(const std::shared_ptr<const Bytes>& bytes, const ReadSettings& reading,
                      const DumpSettings& settings);
// A module that was opened without running it. `file`: its name, where it did not come from an archive.
DumpView view_of_module(const InspectedModule& module, const std::string& file, const DumpSettings& settings);
// A graph that came as text. `file`: its name.
DumpView view_of_graph(const jit::Graph& graph, const std::string& file, const DumpSettings& settings);

// The graph that LibTorch's executor runs once it has profiled and compiled: runs the unit on `inputs` until it has.
DumpView view_of_plan(const Unit& unit, const std::string& file, Executor executor, bool grad,
                      const std::vector<c10::IValue>& inputs, const DumpSettings& settings);

std::string dump_text(const DumpView& view);
nlohmann::ordered_json dump_json(const DumpView& view); // schema tsir.dump/1

} // namespace tsir
