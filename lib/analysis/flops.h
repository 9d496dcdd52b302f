// The floating point operations of operators: one table of formulas.
#pragma once

#include "lib/analysis/operands.h"

namespace tsir {

// product: matrix products, convolutions, attention, recurrent layers: what torch.utils.flop_counter counts. pointwise:
// the rest of arithmetic. none: moves or looks at data, and computes nothing.
enum class FlopClass { product, pointwise, none };
std::string_view to_string(FlopClass kind);

struct FlopRow {
  std::vector<std::string_view> operators; // without a trailing _: in-place forms count the same
  FlopClass kind = FlopClass::none;
  std::string_view formula; // for people
  std::string_view source;  // where it comes from
  double (*flops)(Operands&) = nullptr;
};

std::span<const FlopRow> flop_table();
// nullptr: no formula.
const FlopRow* find_flops(const jit::Node& node);

} // namespace tsir
