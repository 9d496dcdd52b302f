// The floating point operations of operators: one table of formulas.
#pragma once

#include "lib/run/subject.h"

namespace tsir {

// product: matrix products, convolutions, attention, recurrent layers: what torch.utils.flop_counter counts. pointwise:
// the rest of arithmetic. none: moves or looks at data, and computes nothing.
enum class FlopClass { product, pointwise, none };
std::string_view to_string(FlopClass kind);

// A node's operands, for formulas. What is asked for and not known is remembered, and makes the result unknown.
class Operands {
public:
  Operands(const Subject& subject, const jit::Node& node) : subject_(subject), node_(node) {}

  std::vector<int64_t> sizes(std::string_view argument); // of a tensor; empty where unknown
  double elements(std::string_view argument);            // their product
  double size(std::string_view argument, int64_t dim);   // one of them; negative: from the end
  double output_elements();                              // of the first output
  std::vector<int64_t> output_sizes();
  // The numbers of elements of all matrices in a list of tensors, together.
  double matrix_elements(std::string_view list);
  std::vector<int64_t> integers(std::string_view argument); // a list, or one number
  bool flag(std::string_view argument);
  bool present(std::string_view argument) const; // there, and not None
  bool all_known() const { return known_; }

private:
  const jit::Value* input(std::string_view argument) const;
  std::vector<int64_t> sizes_of_value(const jit::Value* value);
  const Subject& subject_;
  const jit::Node& node_;
  bool known_ = true;
};

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
