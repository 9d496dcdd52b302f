#include "lib/ir/text/graph_reader.h"

#include "lib/compat/versions.h"
#include "lib/ir/lint.h"
#include "lib/ir/text/definitions.h"
#include "lib/ir/text/locations.h"
#include "lib/ir/text/node_checks.h"
#include "lib/ir/text/quoting.h"
#include "lib/ir/text/types.h"

namespace tsir::ir_text {

GraphReader::GraphReader(Cursor& cursor, const KeptConstants& kept)
    : cursor_(cursor), kept_(kept), source_(std::make_shared<jit::Source>(torch_text(cursor.text()), std::nullopt, 0,
                                                                          nullptr, jit::Source::COPIES_STRING)) {
  find_labels();
}

void GraphReader::graph(const GraphPtr& into) {
  const Nested nested(cursor_);
  GraphState outer = std::exchange(state_, GraphState(into.get()));
  if (!cursor_.skip("graph")) {
    cursor_.fail("expected graph(…):");
  }
  inputs([&] { return into->addInput(); });
  cursor_.expect(":");
  while (!cursor_.at("return")) {
    node_or_fault(*into->block());
  }
  cursor_.next();
  values([&](jit::Value* value) { into->registerOutput(value); });
  GraphState read = std::exchange(state_, std::move(outer)); // its names are of no use from here on
  read.names = {};
  for (const HeldGraph& held : read.held) {
    held_graph(held);
  }
  if (faults_.empty()) {
    lint(*into);
  }
}

void GraphReader::find_labels() {
  for (Cursor scan(cursor_.text(), cursor_.path()); scan.peek().kind != WordKind::end; scan.next()) {
    if (at_scope(scan)) {
      skip_scope(scan);
    }
    cursor_.definitions()->note(scan);
    if (scan.at("with") && scan.at(":", 2) && scan.at(":", 3) && scan.at("=", 5)) {
      labels_.insert(fmt::format("{}::{}", scan.peek(1).text, scan.peek(4).text));
    }
  }
}

void GraphReader::held_graph(const HeldGraph& held) {
  if (!cursor_.skip("with")) {
    cursor_.fail(held.word,
                 fmt::format("the graph of {0} is missing: `with {0} = graph(…)` after the graph", held.label));
  }
  const Word start = cursor_.peek();
  std::string label = cursor_.expect_name("the name of a graph");
  if (cursor_.skip(":")) {
    cursor_.expect(":");
    label += "::" + cursor_.expect_name("the name of a graph");
  }
  if (label != held.label) {
    cursor_.fail(start, fmt::format("expected the graph of {}", held.label));
  }
  cursor_.expect("=");
  const auto into = std::make_shared<jit::Graph>();
  if (held.one_of_several) {
    std::vector<GraphPtr> graphs = held.node->gs(held.attribute);
    graphs.push_back(into);
    held.node->gs_(held.attribute, std::move(graphs));
  } else {
    held.node->g_(held.attribute, into);
  }
  graph(into);
}

NamedType GraphReader::named_type() {
  NamedType read{cursor_.peek(), variable_name(), nullptr};
  if (cursor_.skip(":")) {
    read.type = read_type(cursor_);
  }
  return read;
}

std::string_view GraphReader::variable_name() {
  if (cursor_.peek().kind != WordKind::variable) {
    cursor_.fail("expected a value, such as %x");
  }
  const std::string_view name = cursor_.next().text;
  return name.empty() ? quoted_names_.emplace_back(cursor_.expect_string()) : name;
}

void GraphReader::define(const NamedType& named, jit::Value* value) {
  state_.names.define(named.name, value);
  if (!is_number_name(named.name)) {
    value->setDebugName(std::string(named.name));
  }
}

jit::Value* GraphReader::use() {
  const Word word = cursor_.peek();
  const std::string_view name = variable_name();
  if (jit::Value* value = state_.names.find(name)) {
    return value;
  }
  state_.names.define_outside(name, placeholder(nullptr)); // avoids repeated messages
  cursor_.fail(word,
               fmt::format("{} is not defined before this use, or only within a block", variable(std::string(name))));
}

template <class Visit> void GraphReader::values(const Visit& visit) {
  cursor_.expect("(");
  comma_separated(cursor_, ")", [&] { visit(use()); });
}

template <class Add> void GraphReader::inputs(const Add& add) {
  cursor_.expect("(");
  comma_separated(cursor_, ")", [&] {
    const NamedType input = named_type();
    jit::Value* value = add();
    value->setType(input.type ? input.type : c10::TensorType::get());
    define(input, value);
  });
}

void GraphReader::node_or_fault(jit::Block& block) {
  constexpr size_t most_faults = 5;
  const size_t depth = state_.names.depth();
  const Word start = cursor_.peek();
  std::vector<NamedType> outputs;
  try {
    return node(block, outputs);
  } catch (const TextError& error) {
    add_fault(error.faults().at(0));
  } catch (const ParseAborted&) {
    throw;
  } catch (const std::exception& error) {
    add_fault(cursor_.fault(cursor_.peek(), one_line(error)));
  }
  if (faults_.size() >= most_faults || !resume_after(start)) {
    throw ParseAborted();
  }
  state_.names.end_blocks(depth);
  for (const NamedType& output : outputs) {
    define(output, placeholder(output.type));
  }
}

void GraphReader::add_fault(const TextFault& fault) {
  const auto same = [&](const TextFault& earlier) { return earlier.what == fault.what; };
  if (std::ranges::none_of(faults_, same)) {
    faults_.push_back(fault);
  }
}

bool GraphReader::resume_after(const Word& start) {
  if (cursor_.peek().offset == start.offset) {
    cursor_.next();
  }
  for (size_t blocks = 0; cursor_.peek().kind != WordKind::end; cursor_.next()) {
    if (!is_first_on_line(cursor_.peek().offset)) {
      continue;
    }
    const bool block_begins = cursor_.peek().kind == WordKind::name && cursor_.at("(", 1) && !cursor_.at("return");
    const bool ends = cursor_.at("->") || cursor_.at("return");
    if (blocks == 0 && (ends || cursor_.peek().kind == WordKind::variable || cursor_.at("="))) {
      return true;
    }
    blocks += block_begins ? 1 : 0;
    blocks -= blocks > 0 && cursor_.at("->") ? 1 : 0;
  }
  return false;
}

bool GraphReader::is_first_on_line(size_t offset) const {
  const size_t before = cursor_.text().find_last_not_of(" \t", offset == 0 ? 0 : offset - 1);
  return before == std::string_view::npos || cursor_.text()[before] == '\n';
}

jit::Value* GraphReader::placeholder(const c10::TypePtr& type) {
  jit::Node* node = state_.graph->appendNode(state_.graph->create(c10::prim::Uninitialized, 1));
  node->output()->setType(type ? type : c10::TensorType::get());
  placeholders_.insert(node->output());
  return node->output();
}

void GraphReader::node(jit::Block& block, std::vector<NamedType>& outputs) {
  if (cursor_.peek().kind == WordKind::variable) {
    do {
      outputs.push_back(named_type());
    } while (cursor_.skip(","));
    cursor_.expect("=");
  } else {
    cursor_.skip("="); // LibTorch prints nodes without outputs this way
  }
  const Word start = cursor_.peek();
  jit::Node* node = operator_of(outputs);
  values([&](jit::Value* value) { node->addInput(value); });
  const std::string_view code = cursor_.text().substr(start.offset, cursor_.end_of_last() - start.offset);
  scope(*node);
  if (const auto location = read_location(cursor_.comment(), code)) {
    node->setSourceRange(*location);
  }
  block.appendNode(node);
  set_types(*node, outputs, start);
  const auto inputs = node->inputs();
  const bool checked = placeholders_.empty() || std::none_of(inputs.begin(), inputs.end(), [&](jit::Value* input) {
                         return placeholders_.contains(input);
                       });
  if (checked) {
    check(start, *node);
  }
  while (cursor_.peek().kind == WordKind::name && cursor_.at("(", 1) && !cursor_.at("return")) {
    nested_block(*node->addBlock());
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    define(outputs[i], node->output(i));
  }
  note_warning(start, warning_about_blocks(*node));
  if (!checked) {
    placeholders_.insert(node->outputs().begin(), node->outputs().end());
  }
}

void GraphReader::check(const Word& start, const jit::Node& node) {
  check_node(cursor_, start, node);
  note_warning(start, warning_about(node));
}

void GraphReader::note_warning(const Word& start, const std::string& warning) {
  if (!warning.empty() && warned_.insert(warning).second) {
    warnings_.push_back(cursor_.fault(start, warning));
  }
}

jit::Node* GraphReader::operator_of(const std::vector<NamedType>& outputs) {
  const Word start = cursor_.peek();
  std::string kind = cursor_.expect_name("an operator, such as aten::add");
  cursor_.expect(":");
  cursor_.expect(":");
  kind += "::" + cursor_.expect_name("the operator's name");
  const size_t number = std::min(kind.rfind('_'), kind.size());
  const bool numbered = number + 1 < kind.size() && is_number_name(std::string_view(kind).substr(number + 1));
  const std::string label = numbered && labels_.contains(kind) ? kind : "";
  if (!label.empty()) {
    kind.resize(number);
  } else if (numbered && kind.starts_with("prim::")) {
    cursor_.fail(start, fmt::format("the graph of {0} is missing: `with {0} = graph(…)` after the graph", kind));
  }
  jit::Node* node = state_.graph->create(symbol(kind), outputs.size());
  node->setSourceRange(jit::SourceRange(source_, start.offset, start.offset + kind.size()));
  if (!label.empty()) {
    state_.held.push_back({node, jit::attr::Subgraph, label, start});
  }
  if (cursor_.skip("[")) {
    const c10::TypePtr type = outputs.size() == 1 ? outputs[0].type : nullptr;
    comma_separated(cursor_, "]", [&] { read_attribute(cursor_, *node, type, kept_, state_.held); });
  }
  return node;
}

c10::Symbol GraphReader::symbol(const std::string& kind) {
  const auto found = symbols_.find(kind);
  return found != symbols_.end() ? found->second
                                 : symbols_.emplace(kind, c10::Symbol::fromQualString(kind)).first->second;
}

std::string_view GraphReader::skip_scope(Cursor& cursor) {
  for (int words = 0; words < 3; ++words) {
    cursor.next();
  }
  return cursor.rest_of_line();
}

void GraphReader::scope(jit::Node& node) {
  if (!at_scope(cursor_)) {
    return;
  }
  std::string_view names = skip_scope(cursor_);
  auto scope = c10::make_intrusive<jit::Scope>();
  while (!names.empty()) {
    const size_t end = std::min(names.find('/'), names.size());
    scope = scope->push(c10::Symbol::scope(std::string(names.substr(0, end))));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  node.setScope(scope);
}

void GraphReader::set_types(jit::Node& node, const std::vector<NamedType>& outputs, const Word& start) {
  const bool all_written = std::all_of(outputs.begin(), outputs.end(), [](const auto& output) { return output.type; });
  const c10::FunctionSchema* schema = all_written ? nullptr : node.maybeSchema();
  for (size_t i = 0; i < outputs.size(); ++i) {
    c10::TypePtr type = outputs[i].type;
    if (!type && schema != nullptr && !schema->is_varret()) {
      check_output(cursor_, start, *schema, i);
      type = schema->returns()[i].type();
    }
    node.output(i)->setType(type ? type : c10::TensorType::get());
  }
}

void GraphReader::nested_block(jit::Block& block) {
  const Nested nested(cursor_);
  cursor_.expect_name("a block");
  const size_t depth = state_.names.depth();
  state_.names.begin_block();
  inputs([&] { return block.addInput(); });
  cursor_.expect(":");
  while (!cursor_.at("->")) {
    if (cursor_.at("return")) {
      cursor_.fail("expected `-> (…)`, which ends a block");
    }
    node_or_fault(block);
  }
  cursor_.next();
  values([&](jit::Value* value) { block.registerOutput(value); });
  state_.names.end_blocks(depth);
}

} // namespace tsir::ir_text
