// Operators and classes that a file's code needs and this LibTorch lacks.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct CodeNeeds {
  std::vector<std::string> operators; // custom ones: "torchvision::nms"
  std::vector<std::string> classes;   // custom C++ classes: "torchvision.Video", without "__torch__.torch.classes."
  std::vector<std::string> missing_operators; // those of the above that this LibTorch lacks
  std::vector<std::string> missing_classes;
  bool any_missing() const { return !missing_operators.empty() || !missing_classes.empty(); }
};

// Found by the text of the code (as read_code gives it), so that it works on code which does not compile. Operators
// of LibTorch's own namespaces are left out.
CodeNeeds code_needs(const std::map<std::string, std::string>& code);

// "needs operators that this LibTorch lacks: torchvision::nms; …", or "" where nothing is missing.
std::string missing_line(const CodeNeeds& needs);

// Whether LibTorch itself brings the namespace of an operator such as "quantized".
bool is_builtin_namespace(std::string_view name);

} // namespace tsir
