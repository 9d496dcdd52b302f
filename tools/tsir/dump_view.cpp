#include "tools/tsir/dump_view.h"

#include "lib/archive/module_file.h"
#include "lib/base/error.h"
#include "lib/ir/text/print.h"
#include "lib/ir/value_text.h"
#include "lib/ir/walk.h"

#include <cstdio>

namespace tsir::tool {
namespace {

using Object = c10::ivalue::Object;

ShownMethod shown_method(const std::string& prefix, const jit::Function& function) {
  const jit::Function& known = function;
  const auto* graph = dynamic_cast<const jit::GraphFunction*>(&known);
  return {prefix + function.name(), schema_text(function.getSchema(), prefix + function.name()),
          graph ? count_nodes(*graph->graph(), true) : 0};
}

void add_methods(const Object& object, const std::string& prefix, std::vector<ShownMethod>& methods) {
  for (const jit::Function* function : object.type()->methods()) {
    methods.push_back(shown_method(prefix, *function));
  }
}

// Those of the module itself and of all its submodules.
std::vector<ShownMethod> all_methods(const InspectedModule& looked) {
  std::vector<ShownMethod> methods;
  add_methods(*looked.module._ivalue(), "", methods);
  for (const auto& attribute : attributes_of(looked)) {
    if (attribute.value.isObject() && attribute.shared_with.empty()) {
      add_methods(attribute.value.toObjectRef(), attribute.path + ".", methods);
    }
  }
  return methods;
}

// The submodule that a dotted path of a method stands in: "layer1.forward" is forward of layer1.
jit::Module holder_of(const jit::Module& root, const std::string& path) {
  jit::Module module = root;
  size_t start = 0;
  for (size_t dot = path.find('.'); dot != std::string::npos; start = dot + 1, dot = path.find('.', start)) {
    const std::string name = path.substr(start, dot - start);
    const auto slot = module.type()->findAttributeSlot(name);
    const c10::IValue value = slot ? module._ivalue()->slots().at(*slot) : c10::IValue();
    if (!value.isObject() || !value.toObjectRef().type()->is_module()) {
      throw Error(ErrorKind::usage,
                  fmt::format("there is no submodule '{}'; `--show methods` lists all methods", path.substr(0, dot)));
    }
    module = jit::Module(value.toObject());
  }
  return module;
}

// The methods whose graphs are shown: "*" is every one, and so is the default where there is no forward.
std::vector<std::string> wanted_methods(const jit::Module& module, const std::string& wanted) {
  auto names = method_names(module);
  if (wanted == "*" || names.empty()) {
    return names;
  }
  if (wanted.empty()) {
    return module.find_method("forward") ? std::vector<std::string>{"forward"} : names;
  }
  const jit::Module holder = holder_of(module, wanted);
  const std::string name = wanted.substr(wanted.rfind('.') + 1);
  if (!holder.find_method(name)) {
    throw Error(ErrorKind::usage, fmt::format("there is no method '{}'; {} has {}", wanted, short_class(*holder.type()),
                                              fmt::join(method_names(holder), ", ")));
  }
  return {wanted};
}

GraphPtr graph_of(const jit::Module& module, const std::string& path) {
  return holder_of(module, path).get_method(path.substr(path.rfind('.') + 1)).graph();
}

std::string shown_value(const c10::IValue& value, bool values) {
  return values ? value_text(value) : value_title(value);
}

std::vector<ShownAttribute> shown_attributes(const InspectedModule& looked, bool values) {
  std::vector<ShownAttribute> shown;
  for (const auto& attribute : attributes_of(looked)) {
    const bool module = attribute.kind == AttributeKind::module;
    shown.push_back({attribute.path, std::string(to_string(attribute.kind)), attribute.type,
                     attribute.value.isTensor() && attribute.value.toTensor().defined()
                         ? saved_device(looked, attribute.value.toTensor())
                         : "",
                     module ? "" : shown_value(attribute.value, values), attribute.shared_with});
  }
  return shown;
}

std::vector<ShownAttribute> shown_constants(const InspectedModule& looked, bool values) {
  std::vector<ShownAttribute> shown;
  for (const auto& constant : *looked.constants) {
    shown.push_back({fmt::format("CONSTANTS.c{}", shown.size()), "constant", constant.tagKind(),
                     constant.isTensor() ? saved_device(looked, constant.toTensor()) : "",
                     shown_value(constant, values), ""});
  }
  return shown;
}

std::vector<ShownGraph> shown_graphs(const jit::Graph& graph, const std::string& name, const DumpOptions& options,
                                     InlinedGraphs& inlined) {
  const PrintSettings settings{.locations = options.locations};
  if (!options.no_inline) {
    if (const GraphPtr whole = inlined.of(graph)) {
      return {{name + ", all calls inlined", name, count_nodes(*whole, true), to_text(*whole, settings)}};
    }
    std::fprintf(stderr, "tsir: %s would inline to %zu nodes or more: its calls are shown as they stand\n",
                 name.c_str(), InlinedGraphs::most_nodes);
  }
  std::vector<ShownGraph> shown;
  for (const ReachedGraph& reached : reached_graphs(graph)) {
    const std::string title = reached.name.empty() ? name : reached.name;
    shown.push_back({title, title, count_nodes(*reached.graph, true), to_text(*reached.graph, settings)});
  }
  return shown;
}

} // namespace

const std::vector<std::string>& dump_sections() {
  static const std::vector<std::string> sections = {"summary", "schema",     "methods",   "ops",  "graph",
                                                    "code",    "attributes", "constants", "files"};
  return sections;
}

std::set<std::string> chosen_sections(const DumpOptions& options) {
  if (options.show.empty()) {
    return {"summary", "graph"};
  }
  const auto& known = dump_sections();
  std::set<std::string> chosen;
  for (const std::string& name : options.show) {
    if (name == "all") {
      chosen.insert(known.begin(), known.end());
    } else if (std::find(known.begin(), known.end(), name) != known.end()) {
      chosen.insert(name);
    } else {
      throw Error(ErrorKind::usage, fmt::format("--show {}: there is {} and all", name, fmt::join(known, ", ")));
    }
  }
  return chosen;
}

DumpView view_of_module(const InspectedModule& looked, const DumpOptions& options) {
  DumpView view{.file = looked.archive ? looked.archive->bytes().path() : options.model.file,
                .kind = looked.archive ? "a TorchScript module" : "a module as text",
                .sections = chosen_sections(options)};
  const auto shows = [&](const char* name) { return view.sections.count(name) > 0; };
  const auto methods = wanted_methods(looked.module, options.model.method);
  InlinedGraphs inlined;
  if (shows("summary") || options.json.given) {
    view.summary = summarize(looked, inlined);
    if (looked.archive) {
      view.archive = summarize(*looked.archive);
    }
  }
  if (shows("schema")) {
    for (const std::string& path : options.model.method.empty() ? method_names(looked.module) : methods) {
      const auto method = holder_of(looked.module, path).get_method(path.substr(path.rfind('.') + 1));
      view.schemas.push_back({path, schema_text(method.function().getSchema(), path), 0});
    }
  }
  if (!methods.empty() && (shows("summary") || shows("ops") || options.json.given)) {
    view.operators_of = methods.front();
    view.operators = operators_of(*graph_of(looked.module, methods.front()), inlined);
  }
  if (shows("methods")) {
    view.methods = all_methods(looked);
  }
  if (shows("graph")) {
    for (const std::string& path : methods) {
      const auto graphs = shown_graphs(*graph_of(looked.module, path), path, options, inlined);
      view.graphs.insert(view.graphs.end(), graphs.begin(), graphs.end());
    }
  }
  if (shows("code")) {
    view.code = looked.code;
  }
  if (shows("attributes")) {
    view.attributes = shown_attributes(looked, options.values);
  }
  if (shows("constants")) {
    view.constants = shown_constants(looked, options.values);
  }
  if (shows("files") && looked.archive) {
    view.files = looked.archive->entries();
  }
  return view;
}

DumpView view_of_graph(const jit::Graph& graph, const DumpOptions& options) {
  DumpView view{.file = options.model.file, .kind = "a graph as text", .sections = chosen_sections(options)};
  view.operators_of = "the graph";
  InlinedGraphs inlined;
  view.operators = operators_of(graph, inlined);
  if (view.sections.count("graph") > 0) {
    view.graphs = {
        {options.model.file, "", count_nodes(graph, true), to_text(graph, {.locations = options.locations})}};
  }
  return view;
}

DumpView view_of_archive(const Archive& archive, const std::string& kind, const std::string& problem,
                         const DumpOptions& options) {
  DumpView view{.file = archive.bytes().path(), .kind = kind, .sections = chosen_sections(options)};
  view.problem = problem;
  try {
    view.archive = summarize(archive);
  } catch (const Error&) {
    // a damaged version record: the problem names it
  }
  if (options.show.empty()) {
    view.sections.insert({"files", "code"});
  }
  if (view.sections.count("files") > 0) {
    view.files = archive.entries();
  }
  if (view.sections.count("code") > 0) {
    try {
      view.code = read_code(archive);
    } catch (const Error&) {
      // unreadable code is what the problem is about
    }
  }
  return view;
}

} // namespace tsir::tool
