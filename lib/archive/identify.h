// What kind of file this is, from its bytes, so that the commonest mistakes get a line that helps.
#pragma once

#include "lib/archive/archive.h"
#include "lib/base/bytes.h"

#include <string>

namespace tsir {

enum class FileKind {
  torchscript,        // what torch.jit.save writes
  torchscript_legacy, // model.json, before PyTorch 1.0
  lite_interpreter,   // bytecode.pkl without the code that torch.jit.load wants
  ir_text,            // a graph as text
  state_dict,         // torch.save, zip or legacy: a dict of tensors, or whole eager modules
  exported_program,   // .pt2 of torch.export
  onnx,
  safetensors,
  hdf5,
  flatbuffer,
  other_zip,
  damaged_zip, // begins as a zip archive, and cannot be opened as one
  text,
  unknown,
};

struct FileIdentity {
  FileKind kind;
  // "an eager checkpoint (torch.save)": what follows "m.pt is"; for a damaged zip, what follows "m.pt".
  std::string description;
  std::string advice; // "script or trace the module, then torch.jit.save it"
};

FileIdentity identify(const Bytes& bytes);

// Throws Error(load) with description and advice unless it is a TorchScript module.
void require_torchscript(const Bytes& bytes, const FileIdentity& identity);

} // namespace tsir
