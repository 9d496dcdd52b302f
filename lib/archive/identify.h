// Identifies the kind of a file from its bytes, so that common mistakes get a helpful message.
#pragma once

#include "lib/archive/archive.h"
#include "lib/base/bytes.h"

#include <string>

namespace tsir {

enum class FileKind {
  torchscript,        // written by torch.jit.save
  torchscript_legacy, // model.json, before PyTorch 1.0
  lite_interpreter,   // bytecode.pkl without the code that torch.jit.load needs
  ir_text,            // a graph as text
  state_dict,         // written by torch.save, zip or legacy: a dict of tensors, or whole eager modules
  exported_program,   // .pt2 of torch.export
  onnx,
  safetensors,
  hdf5,
  flatbuffer,
  other_zip,
  damaged_zip, // begins like a zip archive, but cannot be opened as one
  text,
  unknown,
};

struct FileIdentity {
  FileKind kind;
  // The text after "m.pt is", such as "an eager checkpoint (torch.save)"; for a damaged zip, the text after "m.pt".
  std::string description;
  std::string advice; // "script or trace the module, then torch.jit.save it"
};

FileIdentity identify(const Bytes& bytes);

// Throws Error(load) with description and advice unless the file is a TorchScript module.
void require_torchscript(const Bytes& bytes, const FileIdentity& identity);

} // namespace tsir
