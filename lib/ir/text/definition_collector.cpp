#include "lib/ir/text/definition_collector.h"

#include "lib/base/error.h"

#include <ATen/core/class_type.h>
#include <ATen/core/enum_type.h>
#include <torch/csrc/jit/api/function_impl.h>

namespace tsir::ir_text {
namespace {

bool is_cpp_class(const c10::NamedType& type) {
  return type.name()->qualifiedName().starts_with("__torch__.torch.classes.");
}

[[noreturn]] void refuse_name(const std::string& name) {
  throw Error(ErrorKind::check,
              fmt::format("the graph uses two different definitions named {}, which text cannot distinguish", name));
}

} // namespace

std::vector<jit::Function*> functions_of(const c10::ClassType& type) {
  std::vector<jit::Function*> functions = type.methods();
  for (const auto& hooks : {type.getForwardPreHooks(), type.getForwardHooks()}) {
    for (jit::Function* hook : hooks) {
      if (std::find(functions.begin(), functions.end(), hook) == functions.end()) {
        functions.push_back(hook);
      }
    }
  }
  return functions;
}

void DefinitionCollector::add(const jit::Graph& graph) {
  note(graph);
  finish();
}

void DefinitionCollector::add(const c10::IValue& value) {
  note(value);
  finish();
}

void DefinitionCollector::add(const c10::TypePtr& type) {
  note(type);
  finish();
}

std::vector<DefinitionCollector::Thing> DefinitionCollector::in_order() const {
  std::unordered_set<const jit::Function*> of_classes;
  for (const Thing& thing : things_) {
    const auto* type = std::get_if<c10::NamedTypePtr>(&thing);
    if (type != nullptr && (*type)->kind() == c10::TypeKind::ClassType) {
      const auto functions = functions_of((*type)->expectRef<c10::ClassType>());
      of_classes.insert(functions.begin(), functions.end());
    }
  }
  std::vector<Thing> left;
  std::copy_if(things_.begin(), things_.end(), std::back_inserter(left), [&](const Thing& thing) {
    const auto* function = std::get_if<jit::Function*>(&thing);
    return function == nullptr || !of_classes.contains(*function);
  });
  return left;
}

void DefinitionCollector::finish() {
  for (; done_ < things_.size(); ++done_) {
    const Thing thing = things_[done_];
    if (const auto* type = std::get_if<c10::NamedTypePtr>(&thing)) {
      note_parts(**type);
    } else {
      note_body(*std::get<jit::Function*>(thing));
    }
  }
}

void DefinitionCollector::note(const c10::TypePtr& type) {
  switch (type->kind()) {
  case c10::TypeKind::ClassType: // LibTorch's cast to NamedType does not handle Enums
    return note_named(type->expect<c10::ClassType>());
  case c10::TypeKind::InterfaceType:
    return note_named(type->expect<c10::InterfaceType>());
  case c10::TypeKind::EnumType:
    return note_named(type->expect<c10::EnumType>());
  case c10::TypeKind::TensorType:
    return sizes_.add(type->expectRef<c10::TensorType>());
  case c10::TypeKind::FunctionType:
    return note_function(*type->expectRef<c10::FunctionType>().function());
  case c10::TypeKind::TupleType:
    if (const auto tuple = type->expect<c10::TupleType>(); tuple->name() && tuple->schema()) {
      note_named(tuple);
    }
    [[fallthrough]];
  default:
    for (const c10::TypePtr& part : type->containedTypes()) {
      note(part);
    }
  }
}

void DefinitionCollector::note_named(const c10::NamedTypePtr& type) {
  if (type->kind() == c10::TypeKind::ClassType && is_cpp_class(*type)) {
    return;
  }
  const auto [found, added] = by_name_.emplace(type->name()->qualifiedName(), type);
  if (added) {
    things_.emplace_back(type);
    return;
  }
  const auto* other = std::get_if<c10::NamedTypePtr>(&found->second);
  const bool same = other != nullptr && (*other)->kind() == type->kind() &&
                    (type->kind() == c10::TypeKind::TupleType || **other == *type);
  if (!same) {
    refuse_name(type->name()->qualifiedName());
  }
}

void DefinitionCollector::note_function(jit::Function& function) {
  if (!function.isGraphFunction()) {
    throw Error(ErrorKind::check,
                fmt::format("{} is a function of the program that loaded the model, and does not have a text form",
                            function.qualname().qualifiedName()));
  }
  const auto [found, added] = by_name_.emplace(function.qualname().qualifiedName(), &function);
  if (added) {
    things_.emplace_back(&function);
  } else if (!std::holds_alternative<jit::Function*>(found->second) ||
             std::get<jit::Function*>(found->second) != &function) {
    refuse_name(found->first);
  }
}

void DefinitionCollector::note_parts(const c10::NamedType& type) {
  if (const auto* tuple = type.castRaw<c10::TupleType>()) {
    return note_schema(*tuple->schema());
  }
  if (const auto* interface = type.castRaw<c10::InterfaceType>()) {
    for (const c10::FunctionSchema& method : interface->methods()) {
      note_schema(method);
    }
    return;
  }
  const auto* of_class = type.castRaw<c10::ClassType>();
  if (of_class == nullptr) {
    return;
  }
  for (const c10::TypePtr& attribute : of_class->containedTypes()) {
    note(attribute);
  }
  for (const c10::IValue& constant : of_class->constantValues()) {
    note(constant);
  }
  for (jit::Function* function : functions_of(*of_class)) {
    note_body(*function);
  }
}

void DefinitionCollector::note_body(jit::Function& function) {
  function.ensure_defined();
  if (!function.isGraphFunction()) {
    return;
  }
  note_schema(function.getSchema());
  const GraphPtr graph = jit::toGraphFunction(function).graph();
  if (seen_.insert(graph.get()).second) {
    graphs_.push_back(graph);
    note(*graph);
  }
}

void DefinitionCollector::note_schema(const c10::FunctionSchema& schema) {
  for (const c10::Argument& argument : schema.arguments()) {
    note(argument.type());
    if (argument.default_value()) {
      note(*argument.default_value());
    }
  }
  for (const c10::Argument& result : schema.returns()) {
    note(result.type());
  }
}

void DefinitionCollector::note(const c10::IValue& value) {
  if (value.isTuple()) {
    note(value.toTupleRef().type());
    for (const c10::IValue& element : value.toTupleRef().elements()) {
      note(element);
    }
  } else if (value.isList()) {
    note(value.toList().elementType());
    if (value.isTensorList() || value.isIntList() || value.isDoubleList() || value.isBoolList()) {
      return;
    }
    for (const c10::IValue& element : value.toListRef()) {
      note(element);
    }
  } else if (value.isGenericDict()) {
    note(value.type());
    for (const auto& entry : value.toGenericDict()) {
      note(entry.key());
      note(entry.value());
    }
  } else if (value.isEnum()) {
    note(c10::TypePtr(value.toEnumHolder()->type()));
  } else if (value.isObject() && seen_.insert(&value.toObjectRef()).second) {
    note(c10::TypePtr(value.toObjectRef().type()));
    for (const c10::IValue& slot : value.toObjectRef().slots()) {
      note(slot);
    }
  }
}

void DefinitionCollector::note(const jit::Graph& graph) {
  note_block(*const_cast<jit::Graph&>(graph).block()); // nothing is changed; LibTorch only lacks a const overload
}

void DefinitionCollector::note_block(const jit::Block& block) {
  for (const jit::Value* input : block.inputs()) {
    note(input->type());
  }
  for (const jit::Node* node : block.nodes()) {
    for (const jit::Value* output : node->outputs()) {
      note(output->type());
    }
    for (const c10::Symbol name : node->attributeNames()) {
      note_attribute(*node, name);
    }
    for (const jit::Block* nested : node->blocks()) {
      note_block(*nested);
    }
  }
}

void DefinitionCollector::note_attribute(const jit::Node& node, c10::Symbol name) {
  switch (node.kindOf(name)) {
  case jit::AttributeKind::ival:
    return note(node.ival(name));
  case jit::AttributeKind::ty:
    return note(node.ty(name));
  case jit::AttributeKind::tys:
    for (const c10::TypePtr& type : node.tys(name)) {
      note(type);
    }
    return;
  case jit::AttributeKind::g:
    return note(*node.g(name));
  case jit::AttributeKind::gs:
    for (const GraphPtr& graph : node.gs(name)) {
      note(*graph);
    }
    return;
  default:
    return;
  }
}

} // namespace tsir::ir_text
