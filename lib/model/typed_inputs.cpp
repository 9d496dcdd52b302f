#include "lib/model/typed_inputs.h"

#include "lib/ir/dtype_names.h"

namespace tsir {
namespace {

// Whether a tensor of these sizes has these strides unless something else is asked for; also if they are not known.
bool is_dense(const c10::TensorType& type) {
  const auto sizes = type.sizes().concrete_sizes();
  const auto strides = type.strides().concrete_sizes();
  return !strides || *strides == c10::TensorType::contiguousStridesOf(*sizes);
}

std::optional<std::string> text_of_type(const c10::TypePtr& type) {
  const auto tensor = type->cast<c10::TensorType>();
  const auto title = tensor ? tensor_title(*tensor) : std::nullopt;
  return title && !c10::isQIntType(*tensor->scalarType()) && is_dense(*tensor) ? title : std::nullopt;
}

// The type that a prim::profile node has seen, as text has it; the value's own type without such a node.
c10::TypePtr seen_type(const jit::Value& value) {
  for (const jit::Use& use : value.uses()) {
    if (use.user->kind() == c10::prim::profile && use.user->hasAttribute(c10::attr::profiled_type)) {
      return use.user->ty(c10::attr::profiled_type);
    }
  }
  return value.type();
}

} // namespace

std::vector<std::string> typed_inputs(const Unit& unit) {
  std::vector<std::string> texts;
  const auto inputs = unit.graph()->inputs().slice(unit.has_module() ? 1 : 0);
  for (const jit::Value* input : inputs) {
    std::optional<std::string> text = text_of_type(input->type());
    text = text ? text : text_of_type(seen_type(*input));
    if (!text) {
      return {};
    }
    texts.push_back(std::move(*text));
  }
  return texts;
}

} // namespace tsir
