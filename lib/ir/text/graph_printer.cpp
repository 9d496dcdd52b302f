#include "lib/ir/text/attributes.h"
#include "lib/ir/text/locations.h"
#include "lib/ir/text/printer.h"
#include "lib/ir/text/quoting.h"

namespace tsir::ir_text {
namespace {

using Kind = jit::AttributeKind;

class GraphPrinter {
public:
  GraphPrinter(bool locations, Lossless* lossless) : locations_(locations), lossless_(lossless) {}

  std::string text() const { return out_.str(); }

  // Prints the graph, followed by the graphs in the attributes of its nodes.
  void graph(const jit::Graph& graph) {
    std::vector<Held> held;
    out_ << "graph(";
    values_with_types(graph.inputs(), ",\n      ");
    out_ << "):\n";
    for (const jit::Node* node : graph.nodes()) {
      this->node(*node, 1, held);
    }
    out_ << "  return (";
    values(graph.outputs());
    out_ << ")\n";
    for (const Held& one : held) {
      out_ << "with " << one.label << " = ";
      this->graph(*one.graph);
    }
  }

private:
  struct Held {
    std::string label;
    GraphPtr graph;
  };

  void values_with_types(at::ArrayRef<const jit::Value*> values, std::string_view between) {
    for (size_t i = 0; i < values.size(); ++i) {
      out_ << (i > 0 ? between : "") << variable(values[i]->debugName()) << " : " << type_text(*values[i]->type());
    }
  }

  void values(at::ArrayRef<const jit::Value*> values) {
    for (size_t i = 0; i < values.size(); ++i) {
      out_ << (i > 0 ? ", " : "") << variable(values[i]->debugName());
    }
  }

  void indent(size_t level) { out_ << std::string(2 * level, ' '); }

  void node(const jit::Node& node, size_t level, std::vector<Held>& held) {
    indent(level);
    values_with_types(node.outputs(), ", ");
    out_ << " = " << kind_and_attributes(node, held) << "(";
    values(node.inputs());
    out_ << ")";
    if (const std::string scope = node.scopeName(); !scope.empty()) {
      out_ << ", scope: " << scope;
    }
    if (const std::string location = locations_ ? location_of(node) : ""; !location.empty()) {
      out_ << " # " << location;
    }
    out_ << "\n";
    for (size_t i = 0; i < node.blocks().size(); ++i) {
      block(*node.blocks()[i], i, level, held);
    }
  }

  void block(const jit::Block& block, size_t number, size_t level, std::vector<Held>& held) {
    indent(level + 1);
    out_ << "block" << number << "(";
    values_with_types(block.inputs(), ", ");
    out_ << "):\n";
    for (const jit::Node* nested : block.nodes()) {
      node(*nested, level + 2, held);
    }
    indent(level + 2);
    out_ << "-> (";
    values(block.outputs());
    out_ << ")\n";
  }

  std::string kind_and_attributes(const jit::Node& node, std::vector<Held>& held) {
    std::string text = node.kind().toQualString();
    const bool group = node.hasAttribute(jit::attr::Subgraph) && node.kindOf(jit::attr::Subgraph) == Kind::g;
    if (group) {
      text += fmt::format("_{}", held.size());
      held.push_back({text, node.g(jit::attr::Subgraph)});
    }
    // A packed gradient has many attributes, which are of little use to readers. They are printed only if the text must
    // be read back.
    if (group && node.kind() == c10::prim::DifferentiableGraph && lossless_ == nullptr) {
      return text;
    }
    std::string attributes;
    for (const c10::Symbol name : node.attributeNames()) {
      if (!group || name != jit::attr::Subgraph) {
        attributes +=
            fmt::format("{}{}={}", attributes.empty() ? "" : ", ", name.toUnqualString(), attribute(node, name, held));
      }
    }
    return attributes.empty() ? text : fmt::format("{}[{}]", text, attributes);
  }

  std::string type_text(const c10::Type& type) const { return ir_text::type_text(type, lossless_); }

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

  std::ostringstream out_;
  bool locations_;
  Lossless* lossless_;
};

} // namespace

std::string graph_text(const jit::Graph& graph, bool locations, Lossless* lossless) {
  GraphPrinter printer(locations, lossless);
  printer.graph(graph);
  return printer.text();
}

} // namespace tsir::ir_text
