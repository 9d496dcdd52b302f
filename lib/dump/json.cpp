// Prints a dump as JSON with schema tsir.dump/1. Sections that were not requested are absent.
#include "lib/dump/view.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

Json totals_json(const std::vector<TensorTotal>& totals) {
  auto json = Json::array();
  for (const auto& total : totals) {
    json.push_back({{"dtype", total.dtype},
                    {"device", total.device},
                    {"tensors", total.tensors},
                    {"elements", total.elements},
                    {"bytes", total.bytes}});
  }
  return json;
}

Json archive_json(const ArchiveSummary& archive) {
  return {{"bytes", archive.file_bytes},
          {"version", archive.version == 0 ? Json(nullptr) : Json(archive.version)},
          {"written_by", archive.written_by},
          {"entries", archive.entries},
          {"code_files", archive.code_files},
          {"code_bytes", archive.code_bytes},
          {"tensor_files", archive.tensor_files},
          {"tensor_bytes", archive.tensor_bytes},
          {"lite_bytecode", archive.lite_bytecode},
          {"extra_files", archive.extra_files}};
}

Json effects_json(const std::vector<Effect>& effects) {
  auto json = Json::array();
  for (const auto& effect : effects) {
    json.push_back({{"operator", effect.operation},
                    {"effect", effect.what},
                    {"place", effect.place},
                    {"conditional", effect.conditional}});
  }
  return json;
}

Json summary_json(const ModelSummary& summary) {
  auto methods = Json::array();
  for (const auto& method : summary.methods) {
    methods.push_back({{"name", method.name},
                       {"schema", method.schema},
                       {"nodes", method.nodes},
                       {"inlined_nodes", method.inlined_nodes ? Json(*method.inlined_nodes) : Json(nullptr)}});
  }
  return {{"class", summary.module_class},
          {"training", summary.training ? Json(*summary.training) : Json(nullptr)},
          {"methods", methods},
          {"parameters", totals_json(summary.parameters)},
          {"buffers", totals_json(summary.buffers)},
          {"other_tensors", totals_json(summary.others)},
          {"constants", totals_json(summary.constants)},
          {"submodules", summary.submodules},
          {"side_effects", effects_json(summary.effects)},
          {"traits", effects_json(summary.traits)},
          {"hooks", summary.hooks},
          {"setstate_classes", summary.setstate_classes},
          {"custom_operators", summary.custom.operators},
          {"custom_classes", summary.custom.classes},
          {"bundled_inputs", summary.bundled_inputs},
          {"traced_inputs", summary.traced_inputs},
          {"sizes", summary.sizes}};
}

Json attributes_json(const std::vector<ShownAttribute>& attributes) {
  auto json = Json::array();
  for (const auto& attribute : attributes) {
    json.push_back({{"name", attribute.path},
                    {"kind", attribute.kind},
                    {"type", attribute.type},
                    {"device", attribute.device},
                    {"value", attribute.value},
                    {"shared_with", attribute.shared_with}});
  }
  return json;
}

Json methods_json(const std::vector<ShownMethod>& methods, bool with_nodes) {
  auto json = Json::array();
  for (const auto& method : methods) {
    json.push_back({{"name", method.path}, {"schema", method.schema}});
    if (with_nodes) {
      json.back()["nodes"] = method.nodes;
    }
  }
  return json;
}

Json graphs_json(const std::vector<ShownGraph>& graphs) {
  auto json = Json::array();
  for (const auto& graph : graphs) {
    json.push_back({{"title", graph.title}, {"method", graph.method}, {"nodes", graph.nodes}, {"text", graph.text}});
  }
  return json;
}

Json files_json(const std::vector<ArchiveEntry>& files) {
  auto json = Json::array();
  for (const auto& entry : files) {
    json.push_back({{"name", entry.name},
                    {"bytes", entry.size},
                    {"stored_bytes", entry.stored},
                    {"compressed", entry.compressed}});
  }
  return json;
}

Json storages_json(const std::vector<ShownStorage>& storages) {
  auto json = Json::array();
  for (const ShownStorage& storage : storages) {
    json.push_back({{"entry", storage.entry},
                    {"bytes", storage.bytes},
                    {"seen_bytes", storage.seen},
                    {"tensors", storage.tensors}});
  }
  return json;
}

} // namespace

Json dump_json(const DumpView& view) {
  const auto shows = [&](const char* section) { return view.sections.count(section) > 0; };
  Json json = {{"schema", "tsir.dump/1"}, {"file", view.file}, {"kind", view.kind}, {"problem", nullptr}};
  if (!view.problem.empty()) {
    json["problem"] = view.problem;
  }
  if (view.archive) {
    json["archive"] = archive_json(*view.archive);
  }
  if (view.summary) {
    json["module"] = summary_json(*view.summary);
  }
  json["operators_of"] = view.operators_of;
  json["operators"] = Json(view.operators);
  if (shows("ops")) {
    json["overloads_of"] = view.overloads_of;
    json["overloads"] = Json(view.overloads);
  }
  const auto add = [&](const char* section, const char* key, Json value) {
    if (shows(section)) {
      json[key] = std::move(value);
    }
  };
  add("schema", "schemas", methods_json(view.schemas, false));
  add("methods", "all_methods", methods_json(view.methods, true));
  add("graph", "graphs", graphs_json(view.graphs));
  add("code", "code", Json(view.code));
  add("attributes", "attributes", attributes_json(view.attributes));
  add("constants", "constant_values", attributes_json(view.constants));
  add("files", "files", files_json(view.files));
  add("storages", "storages", storages_json(view.storages));
  return json;
}

} // namespace tsir
