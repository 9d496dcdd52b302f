#include "lib/ir/text/tensor_values.h"

#include "lib/base/error.h"
#include "lib/ir/text/number_words.h"
#include "lib/ir/text/tensor_text.h"
#include "lib/ir/text/tensor_types.h"
#include "lib/ir/text/types.h"

#include <ATen/EmptyTensor.h>

namespace tsir::ir_text {
namespace {

at::Tensor part_of(const Cursor& cursor, const Word& start, const at::Tensor& base, const c10::TensorType& type,
                   int64_t offset) {
  const auto sizes = *type.sizes().concrete_sizes();
  const auto strides = *type.strides().concrete_sizes();
  const at::NoGradGuard no_grad;
  try {
    const bool backwards = offset < 0 || std::any_of(strides.begin(), strides.end(), [](auto s) { return s < 0; });
    const auto item = static_cast<size_t>(c10::elementSize(*type.scalarType()));
    const size_t needed = at::detail::computeStorageNbytes(sizes, strides, item, backwards ? 0 : offset);
    if (backwards || needed > base.storage().nbytes()) {
      cursor.fail(start, "the view reaches beyond the tensor that it is a part of");
    }
    at::Tensor part = at::empty({0}, base.options().dtype(*type.scalarType()).requires_grad(false));
    part.set_(base.storage(), offset, sizes, strides);
    return part.requires_grad_(type.requiresGrad().value_or(false));
  } catch (const c10::Error& error) {
    cursor.fail(start, one_line(error));
  }
}

void check_kept(const Cursor& cursor, const Word& start, const at::Tensor& tensor, const c10::TensorType& type) {
  const auto sizes = type.sizes().concrete_sizes();
  if ((type.scalarType() && *type.scalarType() != tensor.scalar_type()) ||
      (sizes && at::IntArrayRef(*sizes) != tensor.sizes())) {
    cursor.fail(start, fmt::format("the stored constant is a {}({}), which does not match the type given here",
                                   c10::toString(tensor.scalar_type()), fmt::join(tensor.sizes(), ", ")));
  }
}

struct KeptConstant {
  std::string name; // "" if the constant was left out
  c10::TensorTypePtr type;
  std::optional<c10::Device> device;
};

// After `<`.
KeptConstant kept_constant(Cursor& cursor) {
  KeptConstant constant;
  cursor.expect_name("Tensor");
  if (cursor.peek().kind == WordKind::name && !is_tensor_name(cursor.peek().text)) {
    constant.name = cursor.next().text;
    if (!cursor.skip(",")) {
      cursor.expect(">");
      return constant;
    }
  }
  if (cursor.peek().kind == WordKind::name && is_tensor_name(cursor.peek().text)) {
    constant.type = read_type(cursor)->cast<c10::TensorType>();
  } else if (!constant.name.empty()) {
    constant.device = read_device(cursor);
  }
  cursor.expect(">");
  return constant;
}

} // namespace

c10::IValue read_tensor(Cursor& cursor, const Word& start) {
  cursor.expect("(");
  if (cursor.skip("undefined")) {
    cursor.expect(")");
    return at::Tensor();
  }
  const auto type = read_type(cursor)->cast<c10::TensorType>();
  const auto sizes = type ? type->sizes().concrete_sizes() : std::nullopt;
  const auto dtype = type ? type->scalarType() : std::nullopt;
  if (!sizes || !dtype) {
    cursor.fail(start, "a tensor needs its dtype and sizes: tensor(Float(2, 2), [1, 2, 3, 4])");
  }
  cursor.expect(",");
  cursor.expect("[");
  std::vector<std::string> numbers;
  comma_separated(cursor, "]", [&] {
    if (!number_begins(cursor)) {
      cursor.fail("expected a number");
    }
    numbers.push_back(number_text(cursor));
  });
  cursor.expect(")");
  const auto tensor = tensor_of_numbers(*dtype, *sizes, numbers);
  if (!tensor) {
    cursor.fail(start, fmt::format("the {} numbers do not fit the tensor's dtype and sizes", numbers.size()));
  }
  return tensor->requires_grad_(type->requiresGrad().value_or(false));
}

c10::IValue read_view(Cursor& cursor, const Word& start, const KeptConstants& kept) {
  cursor.expect("(");
  const c10::IValue base = read_value(cursor, nullptr, kept);
  cursor.expect(",");
  const auto type = read_type(cursor)->cast<c10::TensorType>();
  const auto sizes = type ? type->sizes().concrete_sizes() : std::nullopt;
  const auto strides = type ? type->strides().concrete_sizes() : std::nullopt;
  const auto dtype = type ? type->scalarType() : std::nullopt;
  cursor.expect(",");
  const int64_t offset = read_integer(cursor);
  cursor.expect(")");
  if (!base.isTensor() || !base.toTensor().defined() || !base.toTensor().has_storage() || !sizes || !strides ||
      !dtype) {
    cursor.fail(start, "a view needs a tensor, and the dtype, sizes and strides of the view: "
                       "view(*1, Float(2, 3, strides=[3, 1]), 0)");
  }
  return part_of(cursor, start, base.toTensor(), *type, offset);
}

c10::IValue read_laid_out(Cursor& cursor, const Word& start, const KeptConstants& kept) {
  std::vector<c10::IValue> parts;
  cursor.expect("(");
  comma_separated(cursor, ")", [&] { parts.push_back(read_value(cursor, c10::ListType::ofInts(), kept)); });
  const size_t tensors = start.text == "mkldnn" ? 1 : start.text == "sparse_coo" ? 2 : 3;
  const size_t all = start.text == "mkldnn" ? 1 : 4;
  const bool fit =
      parts.size() == all && std::ranges::all_of(std::span(parts).first(tensors), [](const c10::IValue& part) {
        return part.isTensor() && part.toTensor().defined();
      });
  if (!fit || (all == 4 && !parts[tensors].isIntList()) || (tensors == 2 && !parts[3].isInt())) {
    cursor.fail(start, "expected mkldnn(TENSOR), sparse_coo(INDICES, VALUES, [2, 3], 1) or sparse_csr(ROWS, COLUMNS, "
                       "VALUES, [2, 3])");
  }
  try {
    const at::Tensor first = parts[0].toTensor();
    if (tensors == 1) {
      return first.to_mkldnn();
    }
    const auto sizes = parts[tensors].toIntVector();
    if (tensors == 2) {
      const at::Tensor sparse = at::sparse_coo_tensor(first, parts[1].toTensor(), sizes);
      return sparse._coalesced_(parts[3].toInt() != 0);
    }
    return at::sparse_csr_tensor(first, parts[1].toTensor(), parts[2].toTensor(), sizes,
                                 parts[2].toTensor().options().layout(at::kSparseCsr));
  } catch (const c10::Error& error) {
    cursor.fail(start, one_line(error));
  }
}

c10::IValue read_kept(Cursor& cursor, const Word& start, const c10::TypePtr& beside, const KeptConstants& kept) {
  KeptConstant constant = kept_constant(cursor);
  if (!constant.type && beside) {
    constant.type = beside->cast<c10::TensorType>();
  }
  if (!constant.device && constant.type) {
    constant.device = constant.type->device();
  }
  c10::IValue value;
  try {
    value = kept(constant.name, constant.type);
    if (value.isTensor() && constant.device) {
      value = value.toTensor().to(*constant.device);
    }
  } catch (const std::exception& error) {
    cursor.fail(start, one_line(error));
  }
  if (value.isTensor() && constant.type) {
    check_kept(cursor, start, value.toTensor(), *constant.type);
  }
  const bool gradient = value.isTensor() && constant.type && constant.type->requiresGrad().value_or(false);
  return gradient ? c10::IValue(value.toTensor().detach().requires_grad_()) : value;
}

} // namespace tsir::ir_text
