#include "lib/ir/text/definitions.h"

#include "lib/ir/text/types.h"

#include <ATen/core/class_type.h>
#include <ATen/core/enum_type.h>
#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/api/function_impl.h>

namespace tsir::ir_text {
namespace {

constexpr std::array<std::string_view, 3> outer = {"class", "interface", "function"};
constexpr std::array<std::string_view, 9> inner = {"parameter", "buffer",   "attribute", "constant", "field",
                                                   "member",    "pre_hook", "hook",      "method"};

bool is_one_of(const Cursor& cursor, at::ArrayRef<std::string_view> keywords) {
  return cursor.peek().kind == WordKind::name && cursor.at_key(1) &&
         std::any_of(keywords.begin(), keywords.end(), [&](std::string_view word) { return cursor.at(word); });
}

} // namespace

Definitions::Definitions(GraphPtr graph, const KeptConstants& kept)
    : graph_(std::move(graph)), kept_(kept), unit_(std::make_shared<jit::CompilationUnit>()) {}

bool Definitions::note(const Cursor& cursor) {
  const Word word = cursor.peek();
  if (is_one_of(cursor, outer) && cursor.peek(1).kind == WordKind::name) {
    found_.push_back({std::string(word.text), std::string(cursor.peek(1).text), word.offset, {}, nullptr});
    if (!numbers_.emplace(found_.back().name, found_.size() - 1).second) {
      cursor.fail(cursor.peek(1), fmt::format("{} is defined twice", found_.back().name));
    }
    return true;
  }
  if (is_one_of(cursor, inner) && !found_.empty()) {
    found_.back().members.push_back({word.offset, 0, nullptr});
  }
  return !found_.empty();
}

c10::TypePtr Definitions::type(const Cursor& cursor, const std::string& name) {
  const auto number = numbers_.find(name);
  if (number == numbers_.end() || found_[number->second].keyword == "function") {
    return nullptr;
  }
  Found& found = found_[number->second];
  declare(cursor, found);
  if (!found.type) {
    cursor.fail(fmt::format("{} contains itself, which a type cannot", name));
  }
  return found.type;
}

jit::Function* Definitions::function(const Cursor& cursor, const std::string& name) {
  const auto number = numbers_.find(name);
  if (number == numbers_.end()) { // or it is a method or hook of a class
    const c10::TypePtr of =
        name.find('.') == std::string::npos ? nullptr : type(cursor, name.substr(0, name.rfind('.')));
    return of ? unit_->find_function(c10::QualifiedName(name)) : nullptr;
  }
  if (found_[number->second].keyword != "function") {
    return nullptr;
  }
  declare(cursor, found_[number->second]);
  jit::Function* function = unit_->find_function(c10::QualifiedName(name));
  if (function == nullptr) {
    cursor.fail(fmt::format("the arguments of {} refer to the function itself", name));
  }
  return function;
}

std::optional<c10::IValue> Definitions::enum_member(const Cursor& cursor, const std::string& name) {
  const size_t dot = name.rfind('.');
  const c10::TypePtr found = dot == std::string::npos ? nullptr : type(cursor, name.substr(0, dot));
  const auto type = found ? found->cast<c10::EnumType>() : nullptr;
  if (!type) {
    return std::nullopt;
  }
  for (const auto& [member, value] : type->enumNamesValues()) {
    if (member == name.substr(dot + 1)) {
      return c10::IValue(c10::make_intrusive<c10::ivalue::EnumHolder>(type, member, value));
    }
  }
  return std::nullopt;
}

void Definitions::read_all(Cursor& cursor, const std::function<void(Cursor&, const GraphPtr&)>& read_graph) {
  for (Found& found : found_) {
    if (cursor.peek().offset != found.start) {
      cursor.fail("expected class, interface, function or module");
    }
    declare(cursor, found);
    cursor.next();
    cursor.next();
    if (found.keyword != "function") {
      while (!cursor.skip(":")) { // these were read when the definition was declared
        cursor.next();
      }
    }
    for (const Member& member : found.members) {
      if (found.keyword != "function" && cursor.peek().offset != member.start) {
        cursor.fail(fmt::format("expected a member of {}", found.name));
      }
      cursor.go_to(member.end);
      if (member.graph && member.graph != graph_) {
        read_graph(cursor, member.graph);
      }
      if (member.graph) {
        check_one_result(cursor, member, *member.graph);
      }
    }
  }
}

// LibTorch reports this only when the function is used, and without a position.
void Definitions::check_one_result(const Cursor& cursor, const Member& member, const jit::Graph& graph) {
  if (graph.outputs().size() != 1) {
    cursor.fail(cursor.from(member.start).peek(),
                fmt::format("a method or function returns exactly one value, not {}; use None or a tuple",
                            graph.outputs().size()));
  }
}

void Definitions::declare(const Cursor& from, Found& found) {
  if (std::exchange(found.declared, true)) {
    return;
  }
  Cursor cursor = from.from(found.start);
  const Nested nested(cursor);
  cursor.next();
  cursor.next();
  if (found.keyword == "function") {
    declare_function(cursor, found);
  } else {
    declare_class(cursor, found);
  }
}

} // namespace tsir::ir_text
