#include "lib/model/text_ir.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/setting.h"
#include "lib/ir/text/definition_collector.h"
#include "lib/ir/text/reader.h"
#include "lib/ir/text/unit_printer.h"
#include "lib/model/ir_constants.h"

#include <fstream>
#include <mutex>

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

bool has_unused_self(const jit::Graph& graph) {
  if (graph.inputs().empty() || graph.inputs()[0]->hasUses()) {
    return false;
  }
  const auto type = graph.inputs()[0]->type()->cast<c10::ClassType>();
  return type && type->is_module();
}

// Whether the graph alone is equivalent to the unit: its module, if any, does not have attributes (as after freezing)
// or other functions, and its method does not have default arguments, which are not part of the graph.
bool is_self_contained(const Unit& unit) {
  if (!unit.has_module()) {
    return true;
  }
  const auto type = unit.module().type();
  const c10::FunctionSchema schema = unit.schema();
  return has_unused_self(*unit.graph()) && type->numAttributes() == 0 && ir_text::functions_of(*type).size() == 1 &&
         std::ranges::none_of(schema.arguments(),
                              [](const c10::Argument& one) { return one.default_value().has_value(); });
}

void write_printed(const ir_text::PrintedUnit& unit, const std::string& path, const WriteSettings& settings) {
  IrConstants constants;
  const auto keep = [&](const c10::IValue& constant) { return constants.keep(constant); };
  const std::string text =
      settings.comments + ir_text::unit_text(unit, settings.locations,
                                             settings.elide ? ir_text::KeepConstant() : ir_text::KeepConstant(keep));
  if (!constants.empty()) {
    return write_both(path, text, constants.file());
  }
  write_file(path, text);
  std::error_code error; // removes the file of a previous text with this name
  std::filesystem::remove(ir_constants_path(path), error);
}

struct Part {
  size_t start;
  size_t end;
};

bool has_content(std::string_view text) {
  try {
    return ir_text::Cursor(text, "").peek().kind != ir_text::WordKind::end;
  } catch (const TextError&) { // an unterminated string: the parser reports its position
    return true;
  }
}

// Omits parts that contain only comments.
std::vector<Part> parts_of(std::string_view text) {
  constexpr std::string_view split = "# -----";
  std::vector<Part> parts;
  const auto add = [&](size_t start, size_t end) {
    if (has_content(text.substr(start, end - start))) {
      parts.push_back({start, end});
    }
  };
  size_t start = 0;
  for (size_t line = 0; line < text.size(); line = std::min(text.find('\n', line), text.size() - 1) + 1) {
    if (text.compare(line, split.size(), split) == 0) {
      add(start, line);
      start = line;
    }
  }
  add(start, text.size());
  return parts;
}

// The part, preceded by as many empty lines as there are lines before it, so that messages have the line numbers of the
// file. A text of one part may be large and is not copied; `storage` keeps any other.
std::string_view one_part(std::string_view text, const std::string& path, size_t number, std::string& storage) {
  if (text.find("# -----") == std::string::npos && number <= 1) {
    return text;
  }
  const auto parts = parts_of(text);
  if (number > parts.size() || (number == 0 && parts.size() > 1)) {
    throw Error(ErrorKind::usage, fmt::format("{} contains {} graph{}: choose one with {} N, starting at 1", path,
                                              parts.size(), parts.size() == 1 ? "" : "s", spelled(Setting::graph)));
  }
  if (parts.empty()) {
    return text;
  }
  const Part part = parts[number == 0 ? 0 : number - 1];
  const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(part.start), '\n');
  storage = std::string(static_cast<size_t>(lines), '\n').append(text.substr(part.start, part.end - part.start));
  return storage;
}

ir_text::ReadText read(std::string_view whole, const std::string& path, const ReadSettings& settings) {
  std::string storage;
  const std::string_view text = one_part(whole, path, settings.graph, storage);
  IrConstantsFile constants(path, settings.fill);
  ir_text::ReadText found = ir_text::read_text(
      text, path, [&](const std::string& name, const c10::TensorTypePtr& type) { return constants.find(name, type); });
  if (settings.warn) {
    std::ranges::for_each(found.warnings, settings.warn);
  }
  return found;
}

GraphPtr outliving_its_code(const ir_text::ReadText& read) {
  static std::mutex mutex;
  static std::vector<std::shared_ptr<jit::CompilationUnit>> code;
  if (read.code) {
    const std::lock_guard lock(mutex);
    code.push_back(read.code);
  }
  return read.graph;
}

} // namespace

size_t count_graphs(std::string_view text) {
  return text.find("# -----") == std::string::npos ? 1 : parts_of(text).size();
}

Unit parse_unit(std::string_view text, const std::string& path, const ReadSettings& settings) {
  const ir_text::ReadText found = read(text, path, settings);
  return found.module.isNone() ? Unit::of_graph(outliving_its_code(found), path)
                               : Unit::of_module(jit::Module(found.module.toObject()), found.method);
}

GraphPtr parse_ir(std::string_view text, const std::string& path, const ReadSettings& settings) {
  return outliving_its_code(read(text, path, settings));
}

void write_ir(const Unit& unit, const std::string& path, const WriteSettings& settings) {
  if (is_self_contained(unit)) {
    return write_ir(*unit.graph(), path, settings);
  }
  write_printed({*unit.graph(), unit.module()._ivalue(), unit.name()}, path, settings);
}

void write_ir(const jit::Graph& graph, const std::string& path, const WriteSettings& settings) {
  if (!has_unused_self(graph)) {
    return write_printed({graph, {}, ""}, path, settings);
  }
  const GraphPtr copy = const_cast<jit::Graph&>(graph).copy();
  copy->eraseInput(0);
  write_printed({*copy, {}, ""}, path, settings);
}

} // namespace tsir
