// Converts TorchScript modules that were saved as a flatbuffer (.ff: _save_for_lite_interpreter with
// _use_flatbuffer=True, or torch._C._save_jit_module).
#pragma once

#include "lib/base/bytes.h"

namespace tsir {

// Whether the bytes have the mark of such a file, which may nevertheless be damaged.
bool is_module_flatbuffer(const Bytes& bytes);

// The archive, in memory, of the same module: code, constants, attributes, extra files. Nothing refers to the
// flatbuffer afterwards. LibTorch's own reader trusts the file, and the tensors that it makes lie in the file's bytes,
// so that a tensor that outlives its module, such as a constant of a frozen graph, would dangle.
// Not in such a file: places of the code in Python files, the inputs of a trace, devices of tensors.
// Throws Error(load) if the flatbuffer is damaged or has no TorchScript code.
std::shared_ptr<const Bytes> archive_of_flatbuffer(const Bytes& bytes);

} // namespace tsir
