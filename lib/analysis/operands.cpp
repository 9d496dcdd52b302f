#include "lib/analysis/operands.h"

#include "lib/analysis/names.h"
#include "lib/analysis/storage.h"
#include "lib/ir/walk.h"

#include <numeric>

namespace tsir {

double product(const std::vector<int64_t>& sizes, size_t from) {
  return std::accumulate(sizes.begin() + static_cast<ptrdiff_t>(std::min(from, sizes.size())), sizes.end(), 1.0,
                         [](double all, int64_t size) { return all * static_cast<double>(size); });
}

const jit::Value* Operands::input(std::string_view argument) const {
  const c10::FunctionSchema* schema = node_.maybeSchema();
  const auto index = schema == nullptr ? std::nullopt : schema->argumentIndexWithName(std::string(argument));
  return index && static_cast<size_t>(*index) < node_.inputs().size() ? node_.input(static_cast<size_t>(*index))
                                                                      : nullptr;
}

std::vector<int64_t> Operands::sizes_of_value(const jit::Value* value) {
  if (value != nullptr) {
    if (const auto sizes = tsir::sizes_of(*value)) {
      return *sizes;
    }
    const auto weight = subject_.known(*value);
    if (weight && weight->isTensor() && weight->toTensor().defined()) {
      return weight->toTensor().sizes().vec();
    }
  }
  known_ = false;
  return {};
}

std::vector<int64_t> Operands::sizes(std::string_view argument) {
  // Convolutions name their input "input", other operators "self".
  const jit::Value* value = input(argument);
  return sizes_of_value(value == nullptr && argument == "self" ? input("input") : value);
}

double Operands::elements(std::string_view argument) {
  const std::vector<int64_t> all = sizes(argument);
  return product(all);
}

double Operands::size(std::string_view argument, int64_t dim) {
  const std::vector<int64_t> all = sizes(argument);
  const auto rank = static_cast<int64_t>(all.size());
  const int64_t index = dim < 0 ? dim + rank : dim;
  if (index < 0 || index >= rank) {
    known_ = false;
    return 0;
  }
  return static_cast<double>(all[static_cast<size_t>(index)]);
}

std::vector<int64_t> Operands::output_sizes() {
  const auto outputs = node_.outputs();
  if (!outputs.empty() && sizes_of(*outputs[0])) {
    return *sizes_of(*outputs[0]);
  }
  // The result of an in-place operator is often unused; it has the sizes of its first input.
  const bool in_place = writes_in_place(node_) && !node_.inputs().empty();
  return sizes_of_value(in_place ? node_.input(0) : outputs.empty() ? nullptr : outputs[0]);
}

double Operands::output_elements() {
  return product(output_sizes());
}

double Operands::matrix_elements(std::string_view list) {
  const jit::Value* value = input(list);
  std::vector<std::vector<int64_t>> all;
  if (value != nullptr && value->node()->kind() == c10::prim::ListConstruct) {
    for (const jit::Value* element : elements_of(*value)) {
      all.push_back(sizes_of_value(element));
    }
  } else if (const auto constant = value == nullptr ? std::nullopt : subject_.known(*value);
             constant && constant->isTensorList()) {
    for (const at::Tensor& tensor : constant->toTensorVector()) {
      all.push_back(tensor.sizes().vec());
    }
  } else {
    known_ = false;
  }
  return std::accumulate(all.begin(), all.end(), 0.0, [](double sum, const std::vector<int64_t>& sizes) {
    return sum + (sizes.size() >= 2 ? product(sizes) : 0);
  });
}

std::vector<int64_t> Operands::integers(std::string_view argument) {
  const jit::Value* value = input(argument);
  std::vector<int64_t> all;
  const auto add = [&](const std::optional<c10::IValue>& one) {
    if (one && one->isInt()) {
      all.push_back(one->toInt());
    } else if (one && one->isIntList()) {
      all = one->toIntVector();
    } else {
      known_ = false;
    }
  };
  if (value == nullptr) {
    known_ = false;
  } else if (value->node()->kind() == c10::prim::ListConstruct) {
    for (const jit::Value* element : elements_of(*value)) {
      add(subject_.known(*element));
    }
  } else {
    add(subject_.known(*value));
  }
  return all;
}

bool Operands::flag(std::string_view argument) {
  const jit::Value* value = input(argument);
  // instance_norm and others use the other name; a missing flag is false.
  const auto known = value == nullptr ? std::optional<c10::IValue>(false) : subject_.known(*value);
  if (!known || !known->isBool()) {
    known_ = false;
    return false;
  }
  return known->toBool();
}

bool Operands::present(std::string_view argument) const {
  const jit::Value* value = input(argument);
  return value != nullptr && value->type()->kind() != c10::TypeKind::NoneType;
}

} // namespace tsir
