// --emit-cpp and --emit-python: programs that prepare a module without tsir.
#pragma once

#include "lib/host/program.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

struct ProgramFile {
  Language language;
  std::string path; // "-" for standard output; "" for none
};

std::string made_by(); // "tsir 0.2.0"

// Throws Error(usage) before anything has run: if a pass cannot be written, a file cannot be written or is one of the
// others, or the method is that of a submodule.
void check_program_files(const std::vector<ProgramFile>& files, const Pipeline& pipeline, const ModelOptions& model,
                         const std::vector<std::string>& others);

void write_program_file(const Program& program, const ProgramFile& file, const Session& session);

} // namespace tsir::tool
