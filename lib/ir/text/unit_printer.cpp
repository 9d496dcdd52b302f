#include "lib/ir/text/unit_printer.h"

#include "lib/base/error.h"
#include "lib/ir/text/definition_collector.h"
#include "lib/ir/text/printer.h"
#include "lib/ir/text/quoting.h"
#include "lib/ir/walk.h"

#include <ATen/core/class_type.h>
#include <ATen/core/enum_type.h>
#include <torch/csrc/jit/api/function_impl.h>

namespace tsir::ir_text {
namespace {

std::string indented(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '\n') {
      result += "  ";
    }
  }
  while (result.ends_with(' ') || result.ends_with('\n')) {
    result.pop_back();
  }
  return result + "\n";
}

class UnitPrinter {
public:
  UnitPrinter(const PrintedUnit& unit, bool locations, const KeepConstant& keep)
      : unit_(unit), locations_(locations), lossless_{keep, {}, {}}, unmarked_{keep, {}, {}} {
    things_.add(unit.graph);
    things_.add(unit.module);
    lossless_.sizes = things_.sizes();
    share();
  }

  std::string text() {
    std::string text = graph(unit_.graph);
    for (const DefinitionCollector::Thing& thing : things_.in_order()) {
      text += "\n" + (std::holds_alternative<c10::NamedTypePtr>(thing) ? definition(*std::get<c10::NamedTypePtr>(thing))
                                                                       : function(*std::get<jit::Function*>(thing)));
    }
    if (!unit_.module.isNone()) {
      text += fmt::format("\nmodule = {}\n", value_text(unit_.module, nullptr, &lossless_));
    }
    return text;
  }

private:
  void share() {
    share(unit_.graph);
    for (const GraphPtr& graph : things_.graphs()) {
      if (graph.get() != &unit_.graph) {
        share(*graph);
      }
    }
    lossless_.shared.add(unit_.module);
  }

  void share(const jit::Graph& graph) {
    walk(
        *const_cast<jit::Graph&>(graph).block(),
        [&](const jit::Node& node) {
          for (const c10::Symbol name : node.attributeNames()) {
            share(node, name);
          }
        },
        /*subgraphs=*/true);
  }

  void share(const jit::Node& node, c10::Symbol name) {
    if (node.kindOf(name) == jit::AttributeKind::t) {
      lossless_.shared.add_constant(node.t(name));
    } else if (node.kindOf(name) == jit::AttributeKind::ival) {
      lossless_.shared.add_constant(node.ival(name));
    } else if (node.kindOf(name) == jit::AttributeKind::ts) {
      for (const at::Tensor& tensor : node.ts(name)) {
        lossless_.shared.add_constant(tensor);
      }
    }
  }

  std::string graph(const jit::Graph& graph) { return graph_text(graph, Numbering::fresh, locations_, &lossless_); }

  std::string body(jit::Function& function) {
    const GraphPtr graph = jit::toGraphFunction(function).graph();
    return graph.get() == &unit_.graph ? "graph\n" : this->graph(*graph);
  }

  // Values in a declaration are created before all others, so they are never marked as shared.
  std::string plain_value(const c10::IValue& value, const c10::TypePtr& type) {
    return value_text(value, type, &unmarked_, /*level=*/1);
  }

  std::string argument(const c10::Argument& argument) {
    std::string text = fmt::format("{} : {}", key(argument.name()), type_text(*argument.type(), &lossless_));
    return argument.default_value()
               ? fmt::format("{} = {}", text, plain_value(*argument.default_value(), argument.type()))
               : text;
  }

  std::string schema(const c10::FunctionSchema& schema) {
    std::string arguments;
    bool keyword_only = false;
    for (const c10::Argument& one : schema.arguments()) {
      const bool begins = one.kwarg_only() && !std::exchange(keyword_only, keyword_only || one.kwarg_only());
      arguments += fmt::format("{}{}{}", arguments.empty() ? "" : ", ", begins ? "*, " : "", argument(one));
    }
    std::string results;
    for (const c10::Argument& result : schema.returns()) {
      results += fmt::format("{} {}", results.empty() ? " ->" : ",", type_text(*result.type(), &lossless_));
    }
    return fmt::format("({}){}", arguments, results);
  }

  std::string function(jit::Function& function) {
    return fmt::format("function {}{} = {}", function.qualname().qualifiedName(), schema(function.getSchema()),
                       body(function));
  }

  std::string definition(const c10::NamedType& type) {
    const std::string name = type.name()->qualifiedName();
    if (const auto* tuple = type.castRaw<c10::TupleType>()) {
      std::string text = fmt::format("class {}(NamedTuple):\n", name);
      for (const c10::Argument& field : tuple->schema()->arguments()) {
        text += fmt::format("  field {}\n", argument(field));
      }
      return text;
    }
    if (const auto* interface = type.castRaw<c10::InterfaceType>()) {
      std::string text = fmt::format("interface {}{}:\n", name, interface->is_module() ? "(Module)" : "");
      for (const c10::FunctionSchema& method : interface->methods()) {
        text += fmt::format("  method {}{}\n", method.name(), schema(method));
      }
      return text;
    }
    if (const auto* of_enum = type.castRaw<c10::EnumType>()) {
      std::string text = fmt::format("class {}(Enum[{}]):\n", name, type_text(*of_enum->getValueType(), &lossless_));
      for (const auto& [member, value] : of_enum->enumNamesValues()) {
        text += fmt::format("  member {} = {}\n", member, plain_value(value, of_enum->getValueType()));
      }
      return text;
    }
    return class_text(type.expectRef<c10::ClassType>());
  }

  std::string class_text(const c10::ClassType& type) {
    std::string text = fmt::format("class {}{}:\n", type.name()->qualifiedName(), type.is_module() ? "(Module)" : "");
    for (size_t i = 0; i < type.numAttributes(); ++i) {
      const bool module = type.is_module();
      const std::string_view kind = module && type.is_parameter(i) ? "parameter"
                                    : module && type.is_buffer(i)  ? "buffer"
                                                                   : "attribute";
      text += fmt::format("  {} {} : {}\n", kind, key(type.getAttributeName(i)),
                          type_text(*type.getAttribute(i), &lossless_));
    }
    for (size_t i = 0; i < type.numConstants(); ++i) {
      text +=
          fmt::format("  constant {} = {}\n", key(type.getConstantName(i)), plain_value(type.getConstant(i), nullptr));
    }
    std::unordered_set<const jit::Function*> written;
    methods("method", type.methods(), written, text);
    methods("pre_hook", type.getForwardPreHooks(), written, text);
    methods("hook", type.getForwardHooks(), written, text);
    return text;
  }

  void methods(std::string_view keyword, const std::vector<jit::Function*>& functions,
               std::unordered_set<const jit::Function*>& written, std::string& text) {
    for (jit::Function* function : functions) {
      text += fmt::format("  {} {}", keyword, key(function->name()));
      text += written.insert(function).second
                  ? fmt::format("{} = {}", schema(function->getSchema()), indented(body(*function)))
                  : "\n";
    }
  }

  const PrintedUnit& unit_;
  bool locations_;
  Lossless lossless_;
  Lossless unmarked_;
  DefinitionCollector things_;
};

} // namespace

std::string unit_text(const PrintedUnit& unit, bool locations, const KeepConstant& keep) {
  return UnitPrinter(unit, locations, keep).text();
}

} // namespace tsir::ir_text
