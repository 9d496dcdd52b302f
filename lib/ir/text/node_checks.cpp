#include "lib/ir/text/node_checks.h"

#include "lib/base/setting.h"

#include <ATen/core/class_type.h>

namespace tsir::ir_text {
namespace {

bool is_of_member(const jit::Node& node) {
  return node.kind() == c10::prim::GetAttr || node.kind() == c10::prim::SetAttr || node.kind() == c10::prim::CallMethod;
}

// Checks that the class has the attribute or method that a node of a module's code uses.
void check_member(const Cursor& cursor, const Word& word, const jit::Node& node) {
  if (node.inputs().empty() || !node.hasAttribute(c10::attr::name) ||
      node.kindOf(c10::attr::name) != jit::AttributeKind::s) {
    cursor.fail(word, fmt::format("{} needs an object, and a name: [name=\"x\"]", node.kind().toQualString()));
  }
  const bool attribute = node.kind() != c10::prim::CallMethod;
  const std::string& name = node.s(c10::attr::name);
  const c10::TypePtr& type = node.input(0)->type();
  if (const auto of_class = type->cast<c10::ClassType>()) {
    if (attribute ? !of_class->hasAttribute(name) : !of_class->hasMethod(name)) {
      cursor.fail(word,
                  fmt::format("{} has no {} {}", of_class->annotation_str(), attribute ? "attribute" : "method", name));
    }
  }
}

bool is_object(const c10::Type& type, const jit::Node& user) {
  return type.kind() == c10::TypeKind::ClassType ||
         (type.kind() == c10::TypeKind::InterfaceType && user.kind() == c10::prim::CallMethod);
}

} // namespace

void check_node(const Cursor& cursor, const Word& word, const jit::Node& node) {
  if (is_of_member(node)) {
    check_member(cursor, word, node);
  }
  static const c10::Symbol mkldnn_constant = c10::Symbol::fromQualString("prim::ConstantMKLDNNTensor");
  if (node.kind() == mkldnn_constant &&
      (!node.hasAttribute(c10::attr::value) || node.kindOf(c10::attr::value) != jit::AttributeKind::t ||
       !node.t(c10::attr::value).is_mkldnn())) {
    cursor.fail(word, "this constant needs a tensor in MKLDNN layout: [value=mkldnn(TENSOR)]");
  }
  if (node.kind() == c10::prim::PythonOp) {
    cursor.fail(word,
                "a Python function cannot be written as text; torch.jit.save writes models without such functions");
  }
}

std::string warning_about_blocks(const jit::Node& node) {
  const size_t blocks = node.kind() == c10::prim::If ? 2 : node.kind() == c10::prim::Loop ? 1 : node.blocks().size();
  return node.blocks().size() == blocks ? ""
                                        : fmt::format("{} needs {} block{}, and has {}", node.kind().toQualString(),
                                                      blocks, blocks == 1 ? "" : "s", node.blocks().size());
}

std::string warning_about(const jit::Node& node) {
  if (is_of_member(node) && !is_object(*node.input(0)->type(), node)) {
    return fmt::format("{} of a value that is not an object, but of type {}", node.kind().toQualString(),
                       node.input(0)->type()->annotation_str());
  }
  if (node.kind() == c10::prim::CallFunction &&
      (node.inputs().empty() || !node.input(0)->type()->cast<c10::FunctionType>())) {
    return "prim::CallFunction needs a function: %f : Function(NAME) = prim::Constant[name=\"NAME\"]()";
  }
  if (node.kind().is_prim() || node.maybeOperator() != nullptr) {
    return "";
  }
  return node.kind().toQualString() +
         (jit::getAllOperatorsFor(node.kind()).empty()
              ? fmt::format(": this LibTorch has no such operator; give the library that has it with {} lib.so",
                            spelled(Setting::load_library))
              : ": no form of this operator takes these arguments");
}

void check_output(const Cursor& cursor, const Word& word, const c10::FunctionSchema& schema, size_t number) {
  if (number >= schema.returns().size()) {
    cursor.fail(word, fmt::format("{} has {} output{}, but {} are named", schema.name(), schema.returns().size(),
                                  schema.returns().size() == 1 ? "" : "s", number + 1));
  }
}

} // namespace tsir::ir_text
