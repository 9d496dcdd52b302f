// Computations of sizes and other scalars, which are shown as text where their results are used.
#include "lib/render/dot/builder.h"
#include "lib/render/dot/scalars.h"
#include "lib/render/dot/text.h"

namespace tsir {

bool Builder::scalar(const jit::Node& node) {
  const bool scalars = computes_scalars(node);
  if (!settings_.fold_scalars || (!scalars && !may_be_traced_arithmetic(node)) ||
      std::ranges::any_of(node.outputs(), [](const jit::Value* value) { return is_written(*value); })) {
    return false;
  }
  std::vector<std::string> texts;
  ScalarSource scalar;
  bool of_scalars = false;
  for (const jit::Value* input : node.inputs()) {
    if (!add_scalar_operand(node, *input, texts, scalar)) {
      return false;
    }
    of_scalars = of_scalars || std::holds_alternative<ScalarSource>(source(input));
  }
  if (!scalars && !of_scalars) {
    return false; // arithmetic of tensors
  }
  for (size_t i = 0; i < node.outputs().size(); ++i) {
    scalar.text = scalar_text(node, texts, i);
    scalar.name = name_of(*node.outputs()[i]);
    sources_[node.outputs()[i]] = scalar;
  }
  return true;
}

// Adds the text of an input, and what it reads. False if the input is not a scalar.
bool Builder::add_scalar_operand(const jit::Node& node, const jit::Value& input, std::vector<std::string>& texts,
                                 ScalarSource& scalar) {
  const Source& from = source(&input);
  if (const auto* constant = std::get_if<ConstantSource>(&from)) {
    texts.push_back(constant->text);
    return !constant->tensor || queries_shape(node);
  }
  if (const auto* known = std::get_if<ScalarSource>(&from)) {
    texts.push_back(known->text);
    std::ranges::copy_if(known->of, std::back_inserter(scalar.of), [&](const jit::Value* value) {
      return std::ranges::find(scalar.of, value) == scalar.of.end();
    });
    return true;
  }
  const bool readable = is_scalar(*input.type()) || queries_shape(node);
  if (const auto* attribute = std::get_if<AttributeAt>(&from)) {
    if (is_state(*attribute)) {
      return false; // its value changes, and the drawing shows how
    }
    const bool valued = attribute->value && is_scalar(*input.type());
    texts.push_back(valued ? constant_text(*attribute->value) : attribute->path_text());
    return readable;
  }
  texts.push_back(name_of(input));
  scalar.of.push_back(&input);
  return readable;
}

} // namespace tsir
