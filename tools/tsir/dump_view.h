// What one run of `tsir dump` shows, gathered once, then written as text or as JSON.
#pragma once

#include "lib/model/summary.h"
#include "tools/tsir/options.h"

#include <set>

namespace tsir::tool {

struct DumpOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  std::vector<std::string> show; // sections; empty: summary and graph
  bool no_inline = false;
  bool locations = false;
  bool values = false;
  bool optimized = false;
  DumpOptions() { execution.executor_name = "profiling"; }
};

// All sections, in the order in which they are shown.
const std::vector<std::string>& dump_sections();
// Throws Error(usage) that lists the sections where --show has another.
std::set<std::string> chosen_sections(const DumpOptions& options);

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

// Absent sections are empty. `summary` is absent for a graph that came as text and for a file
// that cannot be compiled, `archive` for all that came as text.
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
  std::string problem = {}; // why the rest could not be shown: one line
};

// A module that was opened without running it.
DumpView view_of_module(const InspectedModule& looked, const DumpOptions& options);
// A graph that came as text.
DumpView view_of_graph(const jit::Graph& graph, const DumpOptions& options);
// What can be told of an archive whose module cannot be compiled; `problem` says why.
DumpView view_of_archive(const Archive& archive, const std::string& kind, const std::string& problem,
                         const DumpOptions& options);

std::string dump_text(const DumpView& view);
nlohmann::ordered_json dump_json(const DumpView& view); // schema tsir.dump/1

} // namespace tsir::tool
