#include "lib/dump/view.h"

#include "lib/archive/identify.h"
#include "lib/archive/module_file.h"
#include "lib/base/setting.h"
#include "lib/dump/methods.h"
#include "lib/dump/storages.h"
#include "lib/ir/text/print.h"
#include "lib/ir/value_text.h"
#include "lib/ir/walk.h"
#include "lib/process/phase.h"

namespace tsir {
namespace {

std::string shown_value(const c10::IValue& value, bool values) {
  return values ? value_text(value) : value_title(value);
}

std::vector<ShownAttribute> shown_attributes(const InspectedModule& inspected, bool values) {
  std::vector<ShownAttribute> shown;
  for (const auto& attribute : attributes_of(inspected)) {
    const bool module = attribute.kind == AttributeKind::module;
    shown.push_back({attribute.path, std::string(to_string(attribute.kind)), attribute.type,
                     attribute.value.isTensor() && attribute.value.toTensor().defined()
                         ? saved_device(inspected, attribute.value.toTensor())
                         : "",
                     module ? "" : shown_value(attribute.value, values), attribute.shared_with});
  }
  return shown;
}

std::vector<ShownAttribute> shown_constants(const InspectedModule& inspected, bool values) {
  std::vector<ShownAttribute> shown;
  for (const auto& constant : *inspected.constants) {
    shown.push_back({fmt::format("CONSTANTS.c{}", shown.size()), "constant", constant.tagKind(),
                     constant.isTensor() ? saved_device(inspected, constant.toTensor()) : "",
                     shown_value(constant, values), ""});
  }
  return shown;
}

std::string kind_of(const Archive& archive, const std::string& kind) {
  const std::string& format = archive.bytes().converted_from();
  return format.empty() ? kind : fmt::format("{}, saved as {}", kind, format);
}

void add_files(const Archive& archive, DumpView& view) {
  const Bytes& bytes = archive.bytes();
  if (bytes.converted_from().empty()) {
    view.files = archive.entries();
  } else {
    view.notes.push_back(
        fmt::format("{} is {}, which is one file: the sections describe what it would be as an archive", bytes.path(),
                    bytes.converted_from()));
  }
}

// Appends the graph of a method, either with all calls inlined, or unchanged and followed by the graphs of its callees.
void append_graphs(DumpView& view, const jit::Graph& graph, const std::string& name, const DumpSettings& settings,
                   InlinedGraphs& inlined) {
  const PrintSettings printing{.locations = settings.locations};
  if (settings.inline_calls) {
    if (const GraphPtr whole = inlined.of(graph)) {
      view.graphs.push_back({name + ", all calls inlined", name, count_nodes(*whole, true), to_text(*whole, printing)});
      return;
    }
    view.notes.push_back(
        fmt::format("{} would inline to {} nodes or more: its calls are not inlined", name, InlinedGraphs::most_nodes));
  }
  for (const ReachedGraph& reached : reached_graphs(graph)) {
    const std::string title = reached.name.empty() ? name : reached.name;
    view.graphs.push_back({title, title, count_nodes(*reached.graph, true), to_text(*reached.graph, printing)});
  }
}

// Shows what is known about an archive whose module cannot be compiled; `problem` is the reason.
DumpView view_of_archive(const Archive& archive, const std::string& kind, const Error& problem,
                         const DumpSettings& settings) {
  DumpView view{.file = archive.bytes().path(), .kind = kind_of(archive, kind), .sections = chosen_sections(settings)};
  view.problem = problem.what();
  view.problem_kind = problem.kind();
  try {
    view.archive = summarize(archive);
  } catch (const Error&) {
    // A damaged version record: `problem` describes it
  }
  if (settings.sections.empty()) {
    view.sections.insert({"files", "code"});
  }
  if (view.sections.contains("files")) {
    add_files(archive, view);
  }
  if (view.sections.contains("code")) {
    try {
      view.code = read_code(archive);
    } catch (const Error&) {
      // Unreadable code: `problem` describes it
    }
  }
  return view;
}

// Kinds of files with contents that can be shown even if this LibTorch cannot compile the module.
bool has_parts(FileKind kind) {
  return kind == FileKind::torchscript || kind == FileKind::torchscript_legacy || kind == FileKind::lite_interpreter;
}

// A graph, or the module that it belongs to. In the latter case, the default method is the one that the text is about.
DumpView view_of_text(const Bytes& bytes, const ReadSettings& reading, DumpSettings settings) {
  const Unit unit = parse_unit(bytes.text(), bytes.path(), reading);
  if (!unit.has_module()) {
    return view_of_graph(*unit.graph(), bytes.path(), settings);
  }
  InspectedModule inspected;
  inspected.module = unit.module();
  if (settings.method.empty()) {
    settings.method = unit.name();
  }
  return view_of_module(inspected, bytes.path(), settings);
}

InspectedModule inspect_within(const std::shared_ptr<const Bytes>& bytes, std::chrono::nanoseconds limit) {
  const TimeLimit until(limit);
  return inspect(bytes);
}

} // namespace

const std::vector<std::string>& dump_sections() {
  static const std::vector<std::string> sections = {"summary", "schema",     "methods",   "ops",   "graph",
                                                    "code",    "attributes", "constants", "files", "storages"};
  return sections;
}

std::set<std::string> chosen_sections(const DumpSettings& settings) {
  if (settings.sections.empty()) {
    return {"summary", "graph"};
  }
  const auto& known = dump_sections();
  std::set<std::string> chosen;
  for (const std::string& name : settings.sections) {
    if (name == "all") {
      chosen.insert(known.begin(), known.end());
    } else if (std::find(known.begin(), known.end(), name) != known.end()) {
      chosen.insert(name);
    } else {
      throw Error(ErrorKind::usage, fmt::format("{} {}: the sections are {} and all", spelled(Setting::show), name,
                                                fmt::join(known, ", ")));
    }
  }
  return chosen;
}

DumpView view_of_file(const std::shared_ptr<const Bytes>& bytes, const ReadSettings& reading,
                      const DumpSettings& settings) {
  const FileIdentity identity = identify(*bytes);
  if (identity.kind == FileKind::ir_text) {
    return view_of_text(*bytes, reading, settings);
  }
  std::optional<InspectedModule> inspected;
  try {
    inspected = inspect_within(bytes, settings.time_limit);
  } catch (const Error& error) {
    if (!has_parts(identity.kind)) {
      throw;
    }
    return view_of_archive(*Archive::open(bytes), identity.description, error, settings);
  }
  return view_of_module(*inspected, bytes->path(), settings);
}

DumpView view_of_module(const InspectedModule& inspected, const std::string& file, const DumpSettings& settings) {
  DumpView view{.file = inspected.archive ? inspected.archive->bytes().path() : file,
                .kind = inspected.archive ? kind_of(*inspected.archive, "a TorchScript module") : "a module as text",
                .sections = chosen_sections(settings)};
  const auto shows = [&](const char* name) { return view.sections.contains(name); };
  const auto methods = wanted_methods(inspected.module, settings.method);
  const auto graph_of = [&](const std::string& path) { return method_at(inspected.module, path).graph(); };
  InlinedGraphs inlined;
  if (shows("summary") || settings.always_summary) {
    view.summary = summarize(inspected, inlined);
    if (inspected.archive) {
      view.archive = summarize(*inspected.archive);
    }
  }
  if (shows("schema")) {
    for (const std::string& path : settings.method.empty() ? method_names(inspected.module) : methods) {
      view.schemas.push_back({path, schema_text(method_at(inspected.module, path).function().getSchema(), path), 0});
    }
  }
  if (!methods.empty() && (shows("summary") || shows("ops") || settings.always_summary)) {
    view.operators_of = methods.front();
    view.operators = operators_of(*graph_of(methods.front()), inlined);
  }
  if (shows("ops")) {
    const std::vector<std::string> paths = settings.method.empty() ? method_names(inspected.module) : methods;
    std::vector<const jit::Graph*> each; // the module owns them
    std::ranges::transform(paths, std::back_inserter(each),
                           [&](const std::string& path) { return graph_of(path).get(); });
    view.overloads_of = fmt::format("{}", fmt::join(paths, ", "));
    view.overloads = operators_of(each, inlined, OperatorNames::overloads);
  }
  if (shows("methods")) {
    view.methods = all_methods(inspected);
  }
  if (shows("graph")) {
    for (const std::string& path : methods) {
      append_graphs(view, *graph_of(path), path, settings, inlined);
    }
  }
  if (shows("code")) {
    view.code = inspected.code;
  }
  if (shows("attributes")) {
    view.attributes = shown_attributes(inspected, settings.values);
  }
  if (shows("constants")) {
    view.constants = shown_constants(inspected, settings.values);
  }
  if (shows("storages")) {
    view.storages = shown_storages(inspected);
  }
  if (shows("files") && inspected.archive) {
    add_files(*inspected.archive, view);
  }
  return view;
}

DumpView view_of_graph(const jit::Graph& graph, const std::string& file, const DumpSettings& settings) {
  DumpView view{.file = file, .kind = "a graph as text", .sections = chosen_sections(settings)};
  InlinedGraphs inlined;
  view.operators_of = "the graph";
  view.operators = operators_of(graph, inlined);
  if (view.sections.contains("ops")) {
    view.overloads_of = "the graph";
    view.overloads = operators_of(graph, inlined, OperatorNames::overloads);
  }
  if (view.sections.contains("graph")) {
    view.graphs = {{file, "", count_nodes(graph, true), to_text(graph, {.locations = settings.locations})}};
  }
  return view;
}

} // namespace tsir
