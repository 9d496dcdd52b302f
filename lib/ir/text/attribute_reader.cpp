#include "lib/ir/text/attribute_reader.h"

#include "lib/ir/text/attributes.h"
#include "lib/ir/text/types.h"

namespace tsir::ir_text {
namespace {

bool graph_begins(const Cursor& cursor, size_t ahead) {
  return cursor.at("<", ahead) && cursor.peek(ahead + 1).text.starts_with("Graph");
}

// <Graph_1>
void read_graph_label(Cursor& cursor, jit::Node& node, c10::Symbol attribute, bool one_of_several,
                      std::vector<HeldGraph>& held) {
  const Word start = cursor.peek();
  cursor.expect("<");
  const std::string label = cursor.expect_name("a graph");
  cursor.expect(">");
  held.push_back({&node, attribute, label, start, one_of_several});
}

// The graphs follow later in the text, but the attribute takes its place among the others now.
void read_graphs(Cursor& cursor, jit::Node& node, c10::Symbol attribute, std::vector<HeldGraph>& held) {
  if (!cursor.skip("[")) {
    node.g_(attribute, std::make_shared<jit::Graph>());
    return read_graph_label(cursor, node, attribute, /*one_of_several=*/false, held);
  }
  node.gs_(attribute, {});
  comma_separated(cursor, "]", [&] { read_graph_label(cursor, node, attribute, /*one_of_several=*/true, held); });
}

std::vector<c10::TypePtr> read_types(Cursor& cursor) {
  std::vector<c10::TypePtr> types;
  cursor.expect("[");
  comma_separated(cursor, "]", [&] { types.push_back(read_type(cursor)); });
  return types;
}

} // namespace

void read_attribute(Cursor& cursor, jit::Node& node, const c10::TypePtr& type, const KeptConstants& kept,
                    std::vector<HeldGraph>& held) {
  const bool numbered = cursor.peek().kind == WordKind::number;
  const c10::Symbol name =
      c10::Symbol::attr(numbered ? std::string(cursor.next().text) : cursor.expect_name("an attribute"));
  const bool constant = node.kind() == c10::prim::Constant;
  cursor.expect("=");
  const auto kind = cursor.at("(", 1) ? kind_by_name(cursor.peek().text) : std::nullopt;
  if (kind) {
    cursor.next();
    cursor.expect("(");
    set_attribute(node, name, *kind, read_value(cursor, type, kept));
    cursor.expect(")");
  } else if (graph_begins(cursor, cursor.at("[") ? 1 : 0)) {
    read_graphs(cursor, node, name, held);
  } else if (cursor.at("[") && (type_begins(cursor, 1) || (cursor.at("]", 1) && !constant))) {
    node.tys_(name, read_types(cursor));
  } else if (type_begins(cursor)) {
    node.ty_(name, read_type(cursor));
  } else {
    const c10::IValue value = read_value(cursor, type, kept);
    set_attribute(node, name, natural_kind(value, constant), value);
  }
}

} // namespace tsir::ir_text
