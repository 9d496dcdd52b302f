// A node's operands as the formulas of flops.h ask for them: sizes and numbers, where they are known.
#pragma once

#include "lib/analysis/analysis_input.h"

namespace tsir {

// Of the sizes from number `from` on; 1 where there are none.
double product(const std::vector<int64_t>& sizes, size_t from = 0);

// A node's operands, for formulas. What is asked for and not known is remembered, and makes the result unknown.
class Operands {
public:
  Operands(const AnalysisInput& subject, const jit::Node& node) : subject_(subject), node_(node) {}

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
  const AnalysisInput& subject_;
  const jit::Node& node_;
  bool known_ = true;
};

} // namespace tsir
