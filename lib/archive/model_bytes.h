// Opens the file of a model, in each of the formats that LibTorch loads.
#pragma once

#include "lib/base/bytes.h"

namespace tsir {

// The bytes of a model's file. A TorchScript module that was saved as a flatbuffer becomes the archive that
// torch.jit.save would have written, so that everything else knows one format only. Any other file is left as it is.
// `path` may be "-". Throws Error(load) if the file cannot be read, or is a flatbuffer that is damaged or has no code.
std::shared_ptr<const Bytes> open_model_bytes(const std::string& path);

} // namespace tsir
