#include "lib/model/text_ir.h"

#include "lib/core/error.h"
#include "lib/core/output_file.h"
#include "lib/ir/text/reader.h"
#include "lib/model/ir_constants.h"

#include <fstream>

namespace tsir {
namespace {

void write_whole(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    throw Error(ErrorKind::check, fmt::format("cannot write {}: the disk may be full", path));
  }
}

void write_both(const std::string& path, const std::string& text, const std::string& constants) {
  PendingFile text_file(path);
  PendingFile constants_file(ir_constants_path(path));
  write_whole(text_file.temporary(), text);
  write_whole(constants_file.temporary(), constants);
  constants_file.commit();
  text_file.commit();
}

GraphPtr without_unused_self(const jit::Graph& graph) {
  GraphPtr copy = const_cast<jit::Graph&>(graph).copy();
  if (!copy->inputs().empty() && !copy->inputs()[0]->hasUses()) {
    const auto type = copy->inputs()[0]->type()->cast<c10::ClassType>();
    if (type && type->is_module()) {
      copy->eraseInput(0);
    }
  }
  return copy;
}

} // namespace

GraphPtr parse_ir(const std::string& text, const std::string& path) {
  IrConstantsFile constants(path);
  return ir_text::read_graph(text, path, [&](const std::string& name) { return constants.find(name); });
}

void write_ir(const jit::Graph& graph, const std::string& path, const PrintSettings& settings) {
  IrConstants constants;
  const GraphPtr copy = without_unused_self(graph);
  const std::string text =
      to_text(*copy, settings, [&](const c10::IValue& constant) { return constants.keep(constant); });
  if (!constants.empty()) {
    return write_both(path, text, constants.file());
  }
  write_file(path, text);
  std::error_code error; // one of an earlier text of this name
  std::filesystem::remove(ir_constants_path(path), error);
}

} // namespace tsir
