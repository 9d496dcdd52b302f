// The place in a model's source where LibTorch reports a failure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tsir {

struct Traceback {
  std::vector<std::string> frames; // "model.py:12", outermost first
  std::string operation;           // "torch.matmul"
  // "mat1 and mat2 …"; empty if it comes before the place, as in the compiler's messages
  std::string message;
};

// Parses a message of the interpreter or the compiler. All fields are empty if the text does not mark a place.
Traceback parse_traceback(std::string_view text);

} // namespace tsir
