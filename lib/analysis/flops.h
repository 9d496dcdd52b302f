// The table of formulas for the floating point operations of operators.
#pragma once

#include "lib/analysis/operands.h"

namespace tsir {

// product: matrix products, convolutions, attention and recurrent layers, which torch.utils.flop_counter counts too.
// pointwise: other arithmetic. none: moves or reads data without computing anything.
enum class FlopClass { product, pointwise, none };
std::string_view to_string(FlopClass kind);

struct FlopRow {
  std::vector<std::string_view> operators; // without a trailing _: in-place variants count the same
  FlopClass kind = FlopClass::none;
  std::string_view formula; // for display
  std::string_view source;  // the reason for the formula
  double (*flops)(Operands&) = nullptr;
};

std::span<const FlopRow> flop_table();
// nullptr if there is no formula.
const FlopRow* find_flops(const jit::Node& node);

} // namespace tsir
