// Prints a dump as text. Lines outside of graphs begin with "#" wherever a graph may follow them, so that a dump that
// contains only graphs is a file that tsir can read.
#include "lib/base/error.h"
#include "lib/base/printable.h"
#include "lib/base/setting.h"
#include "lib/base/table.h"
#include "lib/base/units.h"
#include "lib/dump/view.h"

namespace tsir {
namespace {

using Align = Table::Align;

constexpr size_t most_operators = 12; // limit for the summary; the section ops has all
constexpr size_t most_effects = 8;
constexpr size_t most_methods = 20;

std::string plural(uint64_t count, const std::string& what) {
  return fmt::format("{} {}{}", human_count(count), what, count == 1 ? "" : "s");
}

// Rows with a label and text. Only the first row of a group has the label.
class Rows {
public:
  void add(const std::string& label, const std::string& text) {
    table_.add({label == last_ ? "" : label, text});
    last_ = label;
  }
  std::string text() const { return table_.text("  "); }

private:
  Table table_{{{"", Align::left}, {"", Align::left}}};
  std::string last_;
};

void add_totals(Rows& rows, const std::string& label, const std::vector<TensorTotal>& totals) {
  for (const auto& total : totals) {
    rows.add(label, fmt::format("{} of {} on {} in {}, {}", human_count(total.elements), total.dtype, total.device,
                                plural(total.tensors, "tensor"), human_bytes(total.bytes)));
  }
}

std::vector<std::pair<std::string, uint64_t>> by_count(const OperatorCounts& counts) {
  std::vector<std::pair<std::string, uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

void add_operators(Rows& rows, const DumpView& view) {
  const auto sorted = by_count(view.operators);
  const std::string label = "operators";
  std::string line;
  size_t shown = 0;
  for (const auto& [name, count] : sorted) {
    if (shown++ == most_operators) {
      line += fmt::format(" and {} more kinds ({} ops)", sorted.size() - most_operators, spelled(Setting::show));
      break;
    }
    const std::string next = fmt::format("{} {}{}", name, human_count(count), shown < sorted.size() ? "," : "");
    if (!line.empty() && line.size() + next.size() > 90) {
      rows.add(label, line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + next;
  }
  if (!line.empty()) {
    rows.add(label, line);
  }
}

void add_archive(Rows& rows, const ArchiveSummary& archive) {
  rows.add("format", archive.version == 0
                         ? "no version record"
                         : fmt::format("version {}, written by {}{}", archive.version, archive.written_by,
                                       archive.lite_bytecode ? ", with bytecode for the lite interpreter" : ""));
  rows.add("code", fmt::format("{} in {}", human_bytes(archive.code_bytes), plural(archive.code_files, "file")));
  rows.add("data", fmt::format("{} in {}", human_bytes(archive.tensor_bytes), plural(archive.tensor_files, "storage")));
  if (!archive.extra_files.empty()) {
    rows.add("extra files", fmt::format("{} ({} NAME)", fmt::join(archive.extra_files, ", "), spelled(Setting::extra)));
  }
}

void add_method_rows(Rows& rows, const ModelSummary& summary) {
  size_t shown = 0;
  for (const auto& method : summary.methods) {
    if (shown++ == most_methods) {
      rows.add("methods", fmt::format("… {} in all ({} schema)", summary.methods.size(), spelled(Setting::show)));
      break;
    }
    const std::string inlined = method.inlined_nodes ? human_count(*method.inlined_nodes) : "too many";
    rows.add("methods", fmt::format("{} ({}{})", one_line(method.schema, 400), plural(method.nodes, "node"),
                                    method.inlined_nodes == method.nodes ? "" : ", " + inlined + " inlined"));
  }
  if (summary.methods.empty()) {
    rows.add("methods", "none");
  }
}

void add_effects(Rows& rows, const std::string& label, const std::vector<Effect>& effects) {
  size_t shown = 0;
  for (const auto& effect : effects) {
    if (shown++ == most_effects) {
      rows.add(label, fmt::format("… at {} places in all", effects.size()));
      break;
    }
    rows.add(label,
             fmt::format("{} {}{}{}", effect.operation, effect.what, effect.conditional ? ", under a condition" : "",
                         effect.place.empty() ? "" : ", at " + effect.place));
  }
}

void add_warnings(Rows& rows, const ModelSummary& summary) {
  add_effects(rows, "side effects", summary.effects);
  add_effects(rows, "note that", summary.traits);
  if (!summary.hooks.empty()) {
    rows.add("hooks", fmt::format("{}", fmt::join(summary.hooks, ", ")));
  }
  for (const auto& name : summary.setstate_classes) {
    rows.add("runs on load", fmt::format("__setstate__ of {} (not run by dump)", one_line(name, 120)));
  }
  if (!summary.custom.operators.empty()) {
    rows.add("custom", fmt::format("operators {}", fmt::join(summary.custom.operators, ", ")));
  }
  if (!summary.custom.classes.empty()) {
    rows.add("custom", fmt::format("classes {}", fmt::join(summary.custom.classes, ", ")));
  }
}

std::string summary_text(const DumpView& view) {
  Rows rows;
  if (view.summary) {
    const std::optional<bool> training = view.summary->training;
    const std::string mode = !training ? "" : *training ? ", in training mode" : ", in evaluation mode";
    rows.add("class", one_line(view.summary->module_class, 200) + mode);
  }
  if (view.archive) {
    add_archive(rows, *view.archive);
  }
  if (view.summary) {
    const ModelSummary& summary = *view.summary;
    add_totals(rows, "parameters", summary.parameters);
    if (summary.parameters.empty()) {
      rows.add("parameters", "none");
    }
    add_totals(rows, "buffers", summary.buffers);
    add_totals(rows, "other tensors", summary.others);
    add_totals(rows, "constants", summary.constants);
    rows.add("submodules", human_count(summary.submodules));
    add_method_rows(rows, summary);
    add_warnings(rows, summary);
    if (summary.bundled_inputs) {
      rows.add("inputs", "bundled with the module: run and bench use them when none are given");
    } else if (!summary.traced_inputs.empty()) {
      rows.add("inputs",
               fmt::format("of the trace, used when none are given: {}", fmt::join(summary.traced_inputs, ", ")));
    }
    if (!summary.sizes.empty()) {
      rows.add("sizes", summary.sizes);
    }
  }
  add_operators(rows, view);
  const uint64_t bytes = view.archive ? view.archive->file_bytes : 0;
  return fmt::format("{}: {}{}\n", view.file, view.kind, bytes > 0 ? ", " + human_bytes(bytes) : "") + rows.text();
}

std::string operators_text(const DumpView& view) {
  Table table({{"operator", Align::left}, {"count", Align::right}});
  for (const auto& [name, count] : by_count(view.overloads)) {
    table.add({name, human_count(count)});
  }
  return fmt::format("# operators of {} and of all that {}\n", view.overloads_of,
                     view.overloads_of.find(',') == std::string::npos ? "it calls" : "they call") +
         table.text();
}

std::string methods_text(const std::vector<ShownMethod>& methods) {
  Table table({{"nodes", Align::right}, {"method", Align::left}});
  for (const auto& method : methods) {
    table.add({human_count(method.nodes), one_line(method.schema, 400)});
  }
  return table.text();
}

std::string schemas_text(const std::vector<ShownMethod>& schemas) {
  std::string text;
  for (const auto& method : schemas) {
    text += method.schema + "\n";
  }
  return text;
}

std::string attributes_text(const std::vector<ShownAttribute>& attributes) {
  Table table({{"name", Align::left}, {"kind", Align::left}, {"type", Align::left}, {"value", Align::left}});
  for (const auto& attribute : attributes) {
    std::string value = attribute.value;
    if (!attribute.device.empty() && attribute.device != "cpu") {
      value += " on " + attribute.device;
    }
    if (!attribute.shared_with.empty()) {
      value = "the same as " + (attribute.shared_with);
    }
    table.add({one_line(attribute.path, 200), attribute.kind, one_line(attribute.type, 120), value});
  }
  return table.text();
}

std::string files_text(const std::vector<ArchiveEntry>& files) {
  Table table({{"bytes", Align::right}, {"in the file", Align::right}, {"entry", Align::left}});
  for (const auto& entry : files) {
    table.add(
        {human_count(entry.size), entry.compressed ? human_count(entry.stored) : "as is", one_line(entry.name, 300)});
  }
  return table.text();
}

std::string storages_text(const std::vector<ShownStorage>& storages) {
  Table table({{"bytes", Align::right}, {"seen", Align::right}, {"entry", Align::left}, {"tensors", Align::left}});
  for (const ShownStorage& storage : storages) {
    const std::string seen = storage.seen == storage.bytes ? "all" : human_count(storage.seen);
    table.add(
        {human_count(storage.bytes), seen, one_line(storage.entry, 100),
         storage.tensors.empty() ? "no tensor" : one_line(fmt::format("{}", fmt::join(storage.tensors, ", ")), 300)});
  }
  return table.text();
}

std::string graphs_text(const std::vector<ShownGraph>& graphs) {
  std::string text;
  for (const auto& graph : graphs) {
    text += fmt::format("{}# {}: {}\n", text.empty() ? "" : "\n# -----\n", one_line(graph.title, 300),
                        plural(graph.nodes, "node"));
    text += graph.text;
  }
  return text;
}

std::string code_text(const std::map<std::string, std::string>& code) {
  std::string text;
  for (const auto& [name, content] : code) {
    text += fmt::format("{}# {}\n{}{}", text.empty() ? "" : "\n", name, content,
                        content.empty() || content.ends_with('\n') ? "" : "\n");
  }
  return text;
}

} // namespace

std::string dump_text(const DumpView& view) {
  std::string text;
  // A graph may have a text of many megabytes, so only that of the wanted sections is made, and no further copy.
  const auto add = [&](const char* section, const auto& text_of) {
    if (view.sections.contains(section)) {
      const std::string part = text_of();
      text += text.empty() || part.empty() ? "" : "\n";
      text += part;
    }
  };
  add("summary", [&] { return summary_text(view); });
  add("schema", [&] { return schemas_text(view.schemas); });
  add("methods", [&] { return view.methods.empty() ? "" : methods_text(view.methods); });
  add("ops", [&] { return operators_text(view); });
  add("graph", [&] { return graphs_text(view.graphs); });
  add("attributes", [&] { return view.attributes.empty() ? "" : attributes_text(view.attributes); });
  add("constants", [&] { return view.constants.empty() ? "" : attributes_text(view.constants); });
  add("files", [&] { return view.files.empty() ? "" : files_text(view.files); });
  add("storages", [&] { return view.storages.empty() ? "" : storages_text(view.storages); });
  add("code", [&] { return code_text(view.code); });
  return printable(text);
}

} // namespace tsir
