// The operands of a node for the formulas of flops.h: sizes and numbers, as far as they are known.
#pragma once

#include "lib/analysis/analysis_input.h"

namespace tsir {

// The product of the sizes from index `from` on; 1 if there are none.
double product(const std::vector<int64_t>& sizes, size_t from = 0);

// The operands of one node. If a formula uses an operand that is unknown, all_known() becomes false.
class Operands {
public:
  Operands(const AnalysisInput& subject, const jit::Node& node) : subject_(subject), node_(node) {}

  std::vector<int64_t> sizes(std::string_view argument); // sizes of a tensor; empty if unknown
  double elements(std::string_view argument);            // the product of the sizes
  double size(std::string_view argument, int64_t dim);   // the size in one dimension; negative: from the end
  double output_elements();                              // of the first output
  std::vector<int64_t> output_sizes();
  // The total number of elements of all matrices in a list of tensors.
  double matrix_elements(std::string_view list);
  std::vector<int64_t> integers(std::string_view argument); // a list, or one number
  bool flag(std::string_view argument);
  bool present(std::string_view argument) const; // given and not None
  bool all_known() const { return known_; }

private:
  const jit::Value* input(std::string_view argument) const;
  std::vector<int64_t> sizes_of_value(const jit::Value* value);
  const AnalysisInput& subject_;
  const jit::Node& node_;
  bool known_ = true;
};

} // namespace tsir
