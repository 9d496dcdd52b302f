// Inputs in a file that torch.save wrote.
#pragma once

#include "lib/input/value.h"

namespace tsir {

// Tensors, numbers, strings, lists, tuples and dicts out of a file that torch.save wrote. `noun` is what the file is to
// hold, for messages: "inputs". Throws Error(load) as below.
c10::IValue read_plain_data(const std::string& path, std::string_view noun);

// Throws Error(load): no such file, no torch.save file, the old format of before PyTorch 1.6, sizes that the file
// cannot hold, objects that are no plain data.
InputValue read_input_file(const std::string& path);

} // namespace tsir
