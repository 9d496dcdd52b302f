#include "tools/tsir/emit.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"

#include <cstdio>

namespace tsir::tool {
namespace {

std::string flag_of(const ProgramFile& file) {
  return file.language == Language::cpp ? "--emit-cpp" : "--emit-python";
}

void check_place(const ProgramFile& file, const std::vector<std::string>& others) {
  if (file.path == "-") {
    return;
  }
  check_writable(file.path);
  for (const std::string& other : others) {
    if (same_file(file.path, other)) {
      throw Error(ErrorKind::usage, fmt::format("{} {} would overwrite {}", flag_of(file), file.path, other));
    }
  }
}

} // namespace

std::string made_by() {
  return std::string("tsir ") + TSIR_VERSION;
}

void check_program_files(const std::vector<ProgramFile>& files, const Pipeline& pipeline, const ModelOptions& model,
                         const std::vector<std::string>& others) {
  std::vector<std::string> taken = others;
  for (const ProgramFile& file : files) {
    if (file.path.empty()) {
      continue;
    }
    if (model.method.find('.') != std::string::npos) {
      throw Error(ErrorKind::usage,
                  fmt::format("{} works on methods of the module itself, not on {}", flag_of(file), model.method));
    }
    check_can_be_written({.made_by = made_by(), .file = model.file, .method = model.method, .pipeline = pipeline},
                         file.language);
    check_place(file, taken);
    taken.push_back(file.path);
  }
}

void write_program_file(const Program& program, const ProgramFile& file, const Session& session) {
  const std::string text = write_program(program, file.language);
  if (file.path == "-") {
    write_results(session, text);
    return;
  }
  write_file(file.path, text);
  std::fprintf(stderr, "tsir: wrote %s\n", file.path.c_str());
}

} // namespace tsir::tool
