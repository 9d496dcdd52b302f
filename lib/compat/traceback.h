// Where in a model's source LibTorch says that something went wrong.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tsir {

struct Traceback {
  std::vector<std::string> frames; // "model.py:12", outermost first
  std::string operation;           // "torch.matmul"
  std::string message;             // "mat1 and mat2 …"; empty where it stands before the place, as in the compiler's
};

// Of the interpreter's or the compiler's message. Everything is empty where the text marks no place.
Traceback parse_traceback(std::string_view text);

} // namespace tsir
