// Draws the inputs of a box: edges from other boxes, and the constants and weights that are drawn next to it or in its
// label.
#include "lib/render/dot/builder.h"
#include "lib/render/dot/text.h"

namespace tsir {
namespace {

std::string named(const Operand& operand, const std::string& text, const char* separator) {
  return operand.parameter.empty() ? text : operand.parameter + separator + text;
}

// The type on the label of an edge; empty if it is just "Tensor".
std::string edge_type(const jit::Value& value) {
  const std::string text = type_text(*value.type());
  return text == "Tensor" ? "" : text;
}

} // namespace

const Source& Builder::source(const jit::Value* value) {
  const auto known = sources_.find(value);
  if (known != sources_.end()) {
    return known->second;
  }
  // Only a malformed graph uses a value before its definition. It is drawn as a box with this title.
  Box box;
  box.title = "undefined";
  box.tooltip = name_of(*value) + " is used before it is defined";
  drawing_.boxes.push_back(box);
  define(drawing_.boxes.size() - 1, {value});
  return sources_.at(value);
}

void Builder::operands(size_t box, const std::vector<Operand>& operands) {
  data_edges(box, operands);
  shape_edges(box, operands);
  parameters(box, operands);
  constants(box, operands);
}

void Builder::data_edges(size_t box, const std::vector<Operand>& operands) {
  // A value that is passed to several operands is one edge: "0,1: %x".
  std::vector<std::pair<const jit::Value*, std::string>> drawn;
  std::unordered_map<const jit::Value*, size_t> places; // in `drawn`
  for (const Operand& operand : operands) {
    if (!std::holds_alternative<BoxSource>(source(operand.value))) {
      continue;
    }
    const auto [place, added] = places.try_emplace(operand.value, drawn.size());
    if (added) {
      drawn.emplace_back(operand.value, std::to_string(operand.index));
    } else {
      drawn[place->second].second += fmt::format(",{}", operand.index);
    }
  }
  const bool several = drawn.size() > 1 || (drawn.size() == 1 && drawn[0].second.find(',') != std::string::npos);
  for (const auto& [value, index] : drawn) {
    const std::string name = name_of(*value);
    const std::string type = edge_type(*value);
    Edge edge;
    edge.from = std::get<BoxSource>(source(value)).box;
    edge.to = box;
    edge.label = several ? fmt::format("{}: {}", index, name) : name;
    edge.label += settings_.types && !type.empty() ? "\n" + type : "";
    edge.values = {name};
    edge.tooltip = fmt::format("{} : {}", name, type_text(*value->type()));
    drawing_.edges.push_back(std::move(edge));
  }
}

// From the boxes of which only a shape or another scalar is used.
void Builder::shape_edges(size_t box, const std::vector<Operand>& operands) {
  std::set<size_t> joined; // boxes with an edge already
  for (const Operand& operand : operands) {
    if (const auto* direct = std::get_if<BoxSource>(&source(operand.value))) {
      joined.insert(direct->box);
    }
  }
  for (const Operand& operand : operands) {
    const auto* scalar = std::get_if<ScalarSource>(&source(operand.value));
    for (const jit::Value* value : scalar != nullptr ? scalar->of : std::vector<const jit::Value*>()) {
      const size_t from = std::get<BoxSource>(source(value)).box;
      if (joined.insert(from).second) {
        Edge edge;
        edge.from = from;
        edge.to = box;
        edge.kind = EdgeKind::shape;
        edge.values = {name_of(*value)};
        edge.tooltip = fmt::format("a shape or another scalar of {}", name_of(*value));
        drawing_.edges.push_back(std::move(edge));
      }
    }
  }
}

void Builder::constants(size_t box, const std::vector<Operand>& operands) {
  Box note;
  note.kind = BoxKind::constant;
  std::vector<std::string> texts;
  for (const Operand& operand : operands) {
    if (const auto* scalar = std::get_if<ScalarSource>(&source(operand.value))) {
      texts.push_back(named(operand, scalar->text, "="));
      note.values.push_back(scalar->name);
    }
    const auto* constant = std::get_if<ConstantSource>(&source(operand.value));
    const bool shown = constant != nullptr && !(operand.none_by_default && constant->text == "None");
    if (shown && (!constant->tensor || settings_.fold_constants)) {
      texts.push_back(named(operand, constant->text, "="));
      note.values.push_back(constant->name);
      note.elements += constant->elements;
    }
  }
  if (texts.empty()) {
    return;
  }
  note.lines = wrapped(texts, 44);
  if (!settings_.fold_constants) {
    note.tooltip = fmt::format("constants {}", fmt::join(note.values, ", "));
    attach(box, std::move(note));
    return;
  }
  Box& user = drawing_.boxes[box];
  user.lines.insert(user.lines.end(), note.lines.begin(), note.lines.end());
  user.folded.insert(user.folded.end(), note.values.begin(), note.values.end());
  user.elements += note.elements;
}

namespace {

// The attributes of one module, or the constant tensors, that a box uses.
struct AttachedGroup {
  Box box;
  std::vector<const jit::Value*> reads; // of state
};

void add_line(AttachedGroup& group, const std::string& line, const std::string& value, uint64_t elements) {
  group.box.lines.push_back(line);
  group.box.values.push_back(value);
  group.box.elements += elements;
}

} // namespace

// Draws one box for all attributes of the same module, and one for all constant tensors. State that was written before
// it is read is not the same as before: each such read has a box of its own.
void Builder::parameters(size_t box, const std::vector<Operand>& operands) {
  std::map<std::pair<std::string, std::string>, AttachedGroup> groups; // by title, and by value for state
  for (const Operand& operand : operands) {
    if (const auto* attribute = std::get_if<AttributeAt>(&source(operand.value))) {
      if (operand.none_by_default && attribute->value && attribute->value->isNone()) {
        continue;
      }
      const std::string title = attribute->owner_text().empty() ? "self" : attribute->owner_text();
      const bool state = is_state(*attribute);
      const std::string value = name_of(*operand.value);
      AttachedGroup& group = groups[{title, state ? value : ""}];
      add_line(group, (attribute->path.empty() ? "" : attribute->path.back() + " : ") + describe(*attribute), value,
               elements_of(*attribute));
      if (state) {
        group.reads.push_back(attribute->read);
      }
    } else if (const auto* constant = std::get_if<ConstantSource>(&source(operand.value));
               constant != nullptr && constant->tensor && !settings_.fold_constants) {
      add_line(groups[{"constant", ""}], named(operand, constant->text, " : "), constant->name, constant->elements);
    }
  }
  for (auto& [key, group] : groups) {
    const std::string& title = key.first;
    group.box.kind = BoxKind::parameter;
    group.box.title = shortened(title, 60);
    if (settings_.fold_parameters && title != "constant" && group.reads.empty()) {
      Box& user = drawing_.boxes[box];
      user.lines.insert(user.lines.end(), group.box.lines.begin(), group.box.lines.end());
      user.folded.insert(user.folded.end(), group.box.values.begin(), group.box.values.end());
      user.elements += group.box.elements;
      continue;
    }
    group.box.tooltip =
        fmt::format("{}\n{}\n{}", title, fmt::join(group.box.lines, "\n"), fmt::join(group.box.values, ", "));
    attach(box, std::move(group.box), group.reads);
  }
}

// Operators in the same frame share a box for the same attributes. Constants are drawn at each user, because constant
// pooling may have merged equal constants that are unrelated.
void Builder::attach(size_t box, Box attached, const std::vector<const jit::Value*>& reads) {
  const bool shared = attached.kind == BoxKind::parameter && attached.title != "constant";
  attached.cluster = drawing_.boxes[box].cluster;
  const std::string key = fmt::format("{}\n{}\n{}\n{}", attached.cluster, attached.title,
                                      fmt::join(attached.lines, "\n"), reads.empty() ? "" : attached.values[0]);
  const auto known = shared ? attached_.find(key) : attached_.end();
  size_t index = known == attached_.end() ? drawing_.boxes.size() : known->second;
  if (known == attached_.end()) {
    attached.module = drawing_.boxes[box].module;
    drawing_.boxes.push_back(std::move(attached));
    if (shared) {
      attached_.emplace(key, index);
    }
  }
  for (const jit::Value* read : reads) {
    readers_[read].insert(index);
  }
  Edge edge;
  edge.from = index;
  edge.to = box;
  edge.kind = EdgeKind::attached;
  edge.values = drawing_.boxes[index].values;
  drawing_.edges.push_back(std::move(edge));
}

} // namespace tsir
