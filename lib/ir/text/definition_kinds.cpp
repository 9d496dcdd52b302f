// Reads each kind of definition in .ir text: functions, classes and their members, named tuples, Enums, interfaces.
#include "lib/ir/text/definitions.h"
#include "lib/ir/text/types.h"

#include <ATen/core/class_type.h>
#include <ATen/core/enum_type.h>
#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/api/function_impl.h>

namespace tsir::ir_text {
namespace {

// Whether `type` contains `wanted`, directly or indirectly. LibTorch's own traversal of contained types does not
// terminate on cycles.
bool holds(const c10::Type& type, const c10::Type& wanted, std::unordered_set<const c10::Type*>& seen) {
  if (&type == &wanted || !seen.insert(&type).second) {
    return &type == &wanted;
  }
  const auto parts = type.containedTypes();
  return std::any_of(parts.begin(), parts.end(), [&](const c10::TypePtr& part) { return holds(*part, wanted, seen); });
}

} // namespace

void Definitions::declare_function(Cursor& cursor, Found& found) {
  found.members.assign(1, {found.start, 0, nullptr});
  make_function(cursor, found.name, schema(cursor, c10::QualifiedName(found.name).name()), found.members[0],
                /*may_be_first=*/false);
}

// (Module): or (NamedTuple): or (Enum[int]): or :
void Definitions::declare_class(Cursor& cursor, Found& found) {
  std::string base;
  c10::TypePtr values;
  const Word start = cursor.peek();
  if (cursor.skip("(")) {
    base = cursor.expect_name("Module, NamedTuple or Enum[int]");
    if (base == "Enum") {
      cursor.expect("[");
      values = read_type(cursor);
      cursor.expect("]");
    }
    cursor.expect(")");
  }
  cursor.expect(":");
  const bool known =
      base.empty() || base == "Module" || (found.keyword == "class" && (base == "NamedTuple" || base == "Enum"));
  if (!known) {
    cursor.fail(start,
                fmt::format("unknown kind of {}: {}; expected Module, NamedTuple or Enum[int]", found.keyword, base));
  }
  declare_members(cursor, found, base, values);
  if (found.keyword == "class" && base != "NamedTuple" && base != "Enum") {
    return; // registered before its members, because they may refer to it
  }
  unit_->register_type(found.type);
}

void Definitions::declare_members(Cursor& cursor, Found& found, const std::string& base, const c10::TypePtr& values) {
  if (found.keyword == "interface") {
    return declare_interface(cursor, found, base == "Module");
  }
  if (base == "NamedTuple") {
    return declare_named_tuple(cursor, found);
  }
  if (base == "Enum") {
    return declare_enum(cursor, found, values);
  }
  const auto type = c10::ClassType::create(c10::QualifiedName(found.name), unit_, base == "Module");
  found.type = type;
  unit_->register_type(type);
  for (Member& member : found.members) {
    Cursor here = cursor.from(member.start);
    declare_member(here, type, member);
  }
}

void Definitions::declare_member(Cursor& cursor, const c10::ClassTypePtr& type, Member& member) {
  const Word start = cursor.peek();
  const std::string keyword(cursor.next().text);
  const Word place = cursor.peek();
  const std::string name = cursor.expect_key("a name");
  if (keyword == "parameter" || keyword == "buffer" || keyword == "attribute") {
    cursor.expect(":");
    if ((keyword != "attribute" && !type->is_module()) || type->hasAttribute(name)) {
      cursor.fail(place, type->hasAttribute(name) ? fmt::format("there are two attributes {}", name)
                                                  : fmt::format("only a Module class can have a {}", keyword));
    }
    const c10::TypePtr of = read_type(cursor);
    if (std::unordered_set<const c10::Type*> seen; holds(*of, *type, seen)) {
      cursor.fail(place, fmt::format("{} contains itself, which a class cannot", type->name()->qualifiedName()));
    }
    type->addAttribute(name, of, keyword == "parameter", keyword == "buffer");
  } else if (keyword == "constant") {
    cursor.expect("=");
    type->addConstant(name, read_value(cursor, nullptr, kept_));
  } else if (keyword == "method" || keyword == "hook" || keyword == "pre_hook") {
    return declare_method(cursor, type, keyword, name, member);
  } else {
    cursor.fail(start, fmt::format("a class of this kind cannot have a {}", keyword));
  }
  member.end = cursor.peek().offset;
}

void Definitions::declare_method(Cursor& cursor, const c10::ClassTypePtr& type, const std::string& keyword,
                                 const std::string& name, Member& member) {
  const std::string full = fmt::format("{}.{}", type->name()->qualifiedName(), name);
  jit::Function* function = nullptr;
  if (keyword != "method" && !cursor.at("(")) { // a hook that is already defined
    function = type->findHook(name);
    if (function == nullptr) {
      cursor.fail(fmt::format("expected the arguments of the hook {}", name));
    }
    member.end = cursor.peek().offset;
  } else {
    function = make_function(cursor, full, schema(cursor, name), member, keyword == "method");
  }
  if (keyword == "method") {
    type->addMethod(function);
  } else if (keyword == "hook") {
    type->addForwardHook(function);
  } else {
    type->addForwardPreHook(function);
  }
  if (member.graph == graph_) {
    method_ = name;
    class_ = type;
  }
}

jit::Function* Definitions::make_function(Cursor& cursor, const std::string& name, const c10::FunctionSchema& schema,
                                          Member& member, bool may_be_first) {
  cursor.expect("=");
  member.end = cursor.peek().offset;
  const bool first = cursor.at("graph") && !cursor.at("(", 1);
  if (first && (class_ || !may_be_first)) {
    cursor.fail(class_ ? "the graph at the beginning already belongs to another method" : "expected `graph(…)`");
  }
  if (first) {
    cursor.next();
    member.end = cursor.peek().offset;
  }
  member.graph = first ? graph_ : std::make_shared<jit::Graph>();
  jit::Function* function = unit_->create_function(c10::QualifiedName(name), member.graph);
  function->setSchema(schema);
  return function;
}

void Definitions::declare_named_tuple(Cursor& cursor, Found& found) {
  std::vector<std::string> names;
  std::vector<c10::TypePtr> types;
  std::vector<c10::IValue> defaults;
  for (Member& member : found.members) {
    Cursor here = cursor.from(member.start);
    here.expect("field");
    names.push_back(here.expect_name("the field's name"));
    here.expect(":");
    types.push_back(read_type(here));
    if (here.skip("=")) {
      defaults.push_back(read_value(here, types.back(), kept_));
    } else if (!defaults.empty()) {
      here.fail("expected a default, because the field before has one");
    }
    member.end = here.peek().offset;
  }
  found.type = c10::TupleType::createNamed(c10::QualifiedName(found.name), names, types, defaults);
}

void Definitions::declare_enum(Cursor& cursor, Found& found, const c10::TypePtr& values) {
  std::vector<c10::EnumNameValue> members;
  for (Member& member : found.members) {
    Cursor here = cursor.from(member.start);
    here.expect("member");
    const std::string name = here.expect_name("the member's name");
    here.expect("=");
    const Word place = here.peek();
    members.emplace_back(name, read_value(here, values, kept_));
    if (!members.back().second.type()->isSubtypeOf(*values)) {
      here.fail(place, fmt::format("the value of {} does not have type {}", name, values->annotation_str()));
    }
    member.end = here.peek().offset;
  }
  found.type = c10::EnumType::create(c10::QualifiedName(found.name), values, std::move(members), unit_);
}

void Definitions::declare_interface(Cursor& cursor, Found& found, bool module) {
  const auto type = c10::InterfaceType::create(c10::QualifiedName(found.name), module);
  found.type = type;
  for (Member& member : found.members) {
    Cursor here = cursor.from(member.start);
    here.expect("method");
    const std::string name = here.expect_name("the method's name");
    type->addMethod(schema(here, name));
    member.end = here.peek().offset;
  }
}

// (self : __torch__.M, x : int = 1, *, y : Tensor) -> Tensor
c10::FunctionSchema Definitions::schema(Cursor& cursor, const std::string& name) {
  std::vector<c10::Argument> arguments;
  bool keyword_only = false;
  cursor.expect("(");
  comma_separated(cursor, ")", [&] {
    if (!keyword_only && cursor.skip("*")) {
      keyword_only = true;
    } else {
      arguments.push_back(argument(cursor, keyword_only));
    }
  });
  std::vector<c10::Argument> returns;
  if (cursor.skip("->")) {
    do {
      returns.emplace_back("", read_type(cursor));
    } while (cursor.skip(","));
  }
  return {name, "", std::move(arguments), std::move(returns)};
}

c10::Argument Definitions::argument(Cursor& cursor, bool keyword_only) {
  const std::string name = cursor.expect_key("an argument");
  cursor.expect(":");
  const c10::TypePtr type = read_type(cursor);
  std::optional<c10::IValue> value;
  if (cursor.skip("=")) {
    value = read_value(cursor, type, kept_);
  }
  return {name, type, std::nullopt, value, keyword_only};
}

} // namespace tsir::ir_text
