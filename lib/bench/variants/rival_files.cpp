#include "lib/bench/variants/rival_files.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/input/file.h"
#include "lib/input/npy.h"
#include "lib/input/output_data.h"

namespace tsir {
namespace {

namespace fs = std::filesystem;

void add_leaves(const c10::IValue& value, std::vector<c10::IValue>& all) {
  if (value.isTuple()) {
    for (const c10::IValue& element : value.toTupleRef().elements()) {
      add_leaves(element, all);
    }
  } else if (value.isList()) {
    for (const c10::IValue& element : value.toListRef()) {
      add_leaves(element, all);
    }
  } else if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      add_leaves(entry.value(), all);
    }
  } else if (!value.isNone()) {
    all.push_back(value);
  }
}

at::Tensor as_tensor(const c10::IValue& number) {
  return at::scalar_tensor(number.toScalar(), at::TensorOptions(number.toScalar().type()));
}

void write_npy_files(const fs::path& folder, const std::vector<c10::IValue>& inputs) {
  const std::vector<c10::IValue> arrays = leaves(inputs);
  fs::create_directory(folder);
  for (size_t i = 0; i < arrays.size(); ++i) {
    if (!arrays[i].isTensor() && !arrays[i].isScalar()) {
      throw Error(ErrorKind::usage,
                  fmt::format("a rival that reads .npy files cannot be given input {}, a {}", i, arrays[i].tagKind()));
    }
    write_npy(folder / fmt::format("{}.npy", i), arrays[i].isTensor() ? arrays[i].toTensor() : as_tensor(arrays[i]));
  }
}

std::vector<c10::IValue> read_npy_files(const fs::path& folder) {
  std::vector<c10::IValue> arrays;
  for (fs::path file = folder / "0.npy"; fs::exists(file); file = folder / fmt::format("{}.npy", arrays.size())) {
    arrays.emplace_back(read_npy(file));
  }
  if (arrays.empty()) {
    throw Error(ErrorKind::check, fmt::format("did not write 0.npy into {}", folder.string()));
  }
  return arrays;
}

} // namespace

std::vector<c10::IValue> leaves(const std::vector<c10::IValue>& values) {
  std::vector<c10::IValue> all;
  for (const c10::IValue& value : values) {
    add_leaves(plain_value(value), all);
  }
  return all;
}

std::vector<c10::IValue> as_expected(std::vector<c10::IValue> outputs, const std::vector<c10::IValue>& expected) {
  for (size_t i = 0; i < std::min(outputs.size(), expected.size()); ++i) {
    c10::IValue& output = outputs[i];
    if (expected[i].isScalar() && output.isTensor() && output.toTensor().dim() == 0) {
      output = output.toTensor().item();
    } else if (expected[i].isTensor() && expected[i].toTensor().dim() == 0 && output.isScalar()) {
      output = as_tensor(output).to(expected[i].toTensor().scalar_type());
    }
  }
  return outputs;
}

RivalFiles::RivalFiles(const std::string& parent) : folder_(std::make_unique<ScratchFolder>("tsir-rival", parent)) {}

std::string RivalFiles::inputs(DataForm form) {
  const std::string path = folder_->path() + (form == DataForm::torch ? "/inputs.pt" : "/inputs");
  if (fs::exists(path)) {
    return path;
  }
  try {
    if (form == DataForm::torch) {
      const std::vector<char> bytes = as_torch_file({c10::ivalue::Tuple::create(inputs_)});
      write_file(path, {bytes.data(), bytes.size()});
    } else {
      write_npy_files(path, inputs_);
    }
  } catch (const Error& error) {
    throw Error(ErrorKind::usage, fmt::format("the inputs cannot be passed to rivals: {}", error.what()));
  }
  return path;
}

std::string RivalFiles::fresh_outputs(DataForm form) {
  const std::string path = fmt::format("{}/outputs-{}", folder_->path(), given_++);
  if (form == DataForm::torch) {
    return path + ".pt";
  }
  fs::create_directory(path);
  return path;
}

std::vector<c10::IValue> RivalFiles::read_outputs(const std::string& path, DataForm form) {
  return form == DataForm::torch ? leaves({read_plain_data(path, "outputs")}) : read_npy_files(path);
}

std::string RivalFiles::fresh_log() {
  return fmt::format("{}/errors-{}", folder_->path(), given_++);
}

} // namespace tsir
