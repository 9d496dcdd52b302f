// Reads inputs from a file written by torch.save.
#pragma once

#include "lib/input/value.h"

namespace tsir {

// Reads tensors, numbers, strings, lists, tuples and dicts from a file written by torch.save. `noun` is the expected
// contents, for messages: "inputs". Throws Error(load) as below.
c10::IValue read_plain_data(const std::string& path, std::string_view noun);

// Throws Error(load) if the file does not exist, was not written by torch.save or before PyTorch 1.6, declares sizes
// larger than itself, or contains objects that are not plain data.
InputValue read_input_file(const std::string& path);

} // namespace tsir
