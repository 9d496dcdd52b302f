// The contents of a model file. They are collected once from a file, a module or a graph, and then printed as text or
// JSON.
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
  bool always_summary = false;            // collect the summary even if that section is not requested
  bool inline_calls = true;               // otherwise graphs without inlining, and those of their callees
  bool locations = false;                 // the source locations of nodes
  bool values = false;                    // values of attributes and constants, shortened if long
  std::chrono::nanoseconds time_limit = std::chrono::minutes(1); // limit for opening a module
};

// All sections, in the order in which they are printed.
const std::vector<std::string>& dump_sections();
// The sections in the settings, or the default. Throws an Error(usage) that lists all sections if one is unknown.
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

// The memory of one or more tensors.
struct ShownStorage {
  std::string entry; // of the archive: "data/0"; "" if it is not one
  uint64_t bytes = 0;
  uint64_t seen = 0;                // bytes that at least one of the tensors shows
  std::vector<std::string> tensors; // "fc.weight float32[10,4]"
};

struct ShownMethod {
  std::string path; // "forward", "layer1.forward"
  std::string schema;
  size_t nodes = 0;
};

// Sections that were not requested are empty. `summary` is absent for a graph given as text and for a file that cannot
// be compiled; `archive` is absent for everything given as text.
struct DumpView {
  std::string file = {};
  std::string kind = {}; // "a TorchScript module"
  std::set<std::string> sections = {};
  std::optional<ModelSummary> summary = {};
  std::optional<ArchiveSummary> archive = {};
  OperatorCounts operators = {}; // of one method, by kind
  std::string operators_of = {};
  OperatorCounts overloads = {}; // of all methods, or of those that were asked for: "aten::add.Tensor"
  std::string overloads_of = {};
  std::vector<ShownMethod> schemas = {};
  std::vector<ShownMethod> methods = {};
  std::vector<ShownGraph> graphs = {};
  std::map<std::string, std::string> code = {};
  std::vector<ShownAttribute> attributes = {};
  std::vector<ShownAttribute> constants = {};
  std::vector<ArchiveEntry> files = {};
  std::vector<ShownStorage> storages = {};
  std::vector<std::string> notes = {}; // where the output differs from what was requested, one line each
  // Why the rest of the file could not be shown, in one line; empty if nothing is missing.
  std::string problem = {};
  ErrorKind problem_kind = ErrorKind::load;
};

// Collects the contents of a .pt or .ir file without running the model. If this LibTorch cannot compile a module, the
// view has what is known about the archive, and `problem`. Throws Error(load) if there is nothing to show, and
// Error(usage) if the settings do not match the file.
DumpView view_of_file(const std::shared_ptr<const Bytes>& bytes, const ReadSettings& reading,
                      const DumpSettings& settings);
// A module that was opened without running it. `file` is its name, for modules that do not come from an archive.
DumpView view_of_module(const InspectedModule& module, const std::string& file, const DumpSettings& settings);
// A graph that was given as text, with the name `file`.
DumpView view_of_graph(const jit::Graph& graph, const std::string& file, const DumpSettings& settings);

// The graph that LibTorch's executor runs after profiling and compilation. Runs the unit on `inputs` until that graph
// exists.
DumpView view_of_plan(const Unit& unit, const std::string& file, Executor executor, bool grad,
                      const std::vector<c10::IValue>& inputs, const DumpSettings& settings);

std::string dump_text(const DumpView& view);
nlohmann::ordered_json dump_json(const DumpView& view); // schema tsir.dump/1

} // namespace tsir
