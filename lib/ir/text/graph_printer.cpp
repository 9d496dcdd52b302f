#include "lib/ir/text/attributes.h"
#include "lib/ir/text/locations.h"
#include "lib/ir/text/printer.h"
#include "lib/ir/text/quoting.h"

namespace tsir::ir_text {
namespace {

using Kind = jit::AttributeKind;

class GraphPrinter {
public:
  GraphPrinter(Numbering numbering, bool locations, Lossless* lossless)
      : numbering_(numbering), locations_(locations), lossless_(lossless) {}

  std::string take_text() { return std::move(out_); }

  // Prints the graph, followed by the graphs in the attributes of its nodes.
  void graph(const jit::Graph& graph) {
    std::vector<Held> held;
    ValueNames outer = std::exchange(names_, ValueNames(numbering_));
    out_ += "graph(";
    define(graph.inputs(), ",\n      ");
    out_ += "):\n";
    for (const jit::Node* node : graph.nodes()) {
      this->node(*node, 1, held);
    }
    out_ += "  return (";
    values(graph.outputs());
    out_ += ")\n";
    names_ = std::move(outer);
    for (const Held& one : held) {
      out_ += fmt::format("with {} = ", one.label);
      this->graph(*one.graph);
    }
  }

private:
  struct Held {
    std::string label;
    GraphPtr graph;
  };

  // Prints values with their types where they are defined.
  void define(at::ArrayRef<const jit::Value*> values, std::string_view between) {
    for (size_t i = 0; i < values.size(); ++i) {
      out_ += i > 0 ? between : "";
      names_.define(*values[i]);
      names_.append(*values[i], out_);
      out_ += " : ";
      out_ += known_type_text(*values[i]->type());
    }
  }

  void values(at::ArrayRef<const jit::Value*> values) {
    for (size_t i = 0; i < values.size(); ++i) {
      out_ += i > 0 ? ", " : "";
      names_.append(*values[i], out_);
    }
  }

  void indent(size_t level) { out_.append(2 * level, ' '); }

  void node(const jit::Node& node, size_t level, std::vector<Held>& held) {
    indent(level);
    define(node.outputs(), ", ");
    out_ += " = ";
    kind_and_attributes(node, held);
    out_ += '(';
    values(node.inputs());
    out_ += ')';
    if (const std::string scope = node.scopeName(); !scope.empty()) {
      out_ += ", scope: " + scope;
    }
    if (const std::string location = locations_ ? location_of(node) : ""; !location.empty()) {
      out_ += " # " + location;
    }
    out_ += '\n';
    for (size_t i = 0; i < node.blocks().size(); ++i) {
      block(*node.blocks()[i], i, level, held);
    }
  }

  void block(const jit::Block& block, size_t number, size_t level, std::vector<Held>& held) {
    indent(level + 1);
    out_ += fmt::format("block{}(", number);
    define(block.inputs(), ", ");
    out_ += "):\n";
    for (const jit::Node* nested : block.nodes()) {
      node(*nested, level + 2, held);
    }
    indent(level + 2);
    out_ += "-> (";
    values(block.outputs());
    out_ += ")\n";
  }

  void kind_and_attributes(const jit::Node& node, std::vector<Held>& held) {
    std::string kind = node.kind().toQualString();
    const bool group = node.hasAttribute(jit::attr::Subgraph) && node.kindOf(jit::attr::Subgraph) == Kind::g;
    if (group) {
      kind += fmt::format("_{}", held.size());
      held.push_back({kind, node.g(jit::attr::Subgraph)});
    }
    out_ += kind;
    // A packed gradient has many attributes, which are of little use to readers. They are printed only if the text must
    // be read back.
    if (!node.hasAttributes() || (group && node.kind() == c10::prim::DifferentiableGraph && lossless_ == nullptr)) {
      return;
    }
    std::string_view before = "[";
    for (const c10::Symbol name : node.attributeNames()) {
      if (!group || name != jit::attr::Subgraph) {
        out_ += before;
        out_ += name.toUnqualString();
        out_ += '=';
        out_ += attribute(node, name, held);
        before = ", ";
      }
    }
    out_ += before == "[" ? "" : "]";
  }

  std::string type_text(const c10::Type& type) const { return ir_text::type_text(type, lossless_); }

  // Most values of a graph share few types, which takes longer to print than all else.
  const std::string& known_type_text(const c10::Type& type) {
    const auto [found, added] = type_texts_.try_emplace(&type);
    if (added) {
      found->second = type_text(type);
    }
    return found->second;
  }

  static std::string hold(const GraphPtr& graph, std::vector<Held>& held) {
    held.push_back({fmt::format("Graph_{}", held.size()), graph});
    return fmt::format("<{}>", held.back().label);
  }

  template <class Items, class Text> static std::string list(const Items& items, const Text& text) {
    std::string joined;
    for (const auto& item : items) {
      joined += (joined.empty() ? "" : ", ") + text(item);
    }
    return "[" + joined + "]";
  }

  std::string attribute(const jit::Node& node, c10::Symbol name, std::vector<Held>& held) const {
    switch (node.kindOf(name)) {
    case Kind::g:
      return hold(node.g(name), held);
    case Kind::gs:
      return list(node.gs(name), [&](const GraphPtr& graph) { return hold(graph, held); });
    case Kind::ty:
      return type_text(*node.ty(name));
    case Kind::tys:
      return list(node.tys(name), [&](const c10::TypePtr& type) { return type_text(*type); });
    default:
      return value(node, name);
    }
  }

  std::string value(const jit::Node& node, c10::Symbol name) const {
    const Kind kind = node.kindOf(name);
    const c10::IValue value = attribute_value(node, name);
    const bool constant = node.kind() == c10::prim::Constant;
    if (lossless_ == nullptr && constant && value.isTensor() && value.toTensor().is_mkldnn()) {
      return "<Tensor>"; // whatever its size: numbers alone would be read back with another layout
    }
    const std::string text = value_text(value, node.outputs().size() == 1 ? node.output()->type() : nullptr, lossless_);
    const bool natural = natural_kind(value, constant) == kind;
    return natural ? text : fmt::format("{}({})", kind_name(kind), text);
  }

  std::string out_;
  Numbering numbering_;
  bool locations_;
  Lossless* lossless_;
  ValueNames names_{numbering_};
  std::unordered_map<const c10::Type*, std::string> type_texts_; // of the values, which keep their types alive
};

} // namespace

std::string graph_text(const jit::Graph& graph, Numbering numbering, bool locations, Lossless* lossless) {
  GraphPrinter printer(numbering, locations, lossless);
  printer.graph(graph);
  return printer.take_text();
}

} // namespace tsir::ir_text
