// The files for other programs that a bench writes.
#pragma once

#include "lib/bench/export/export_text.h"

namespace tsir {

struct ExportFile {
  std::string setting;                // how the user asked for it, for messages: "--export-csv"
  std::optional<ExportFormat> format; // empty for the plot, whose format depends on the file's extension
  std::string file;
};

// A file that is read or written for another reason.
struct TakenFile {
  std::string file;
  std::string use; // for messages: "the model"
};

// Throws Error(usage) if `file` is one of those taken. `use` names it in the message, as TakenFile::use does.
void check_not_taken(const std::string& file, const std::string& use, const std::vector<TakenFile>& taken);
// To be called before the work. Throws Error(usage) if a file cannot be written, if a plot cannot be drawn, if two of
// all these are the same file, or if a format cannot show several points. `points`: whether there are several.
void check_exports(const std::vector<ExportFile>& files, const std::vector<TakenFile>& taken, bool points);
// Writes the results of one bench, or of all points of a sweep. Each file is written completely or not at all, whether
// or not the others can be. Throws Error(check) after the last file.
void write_exports(const std::vector<ExportFile>& files, const std::vector<const BenchOutcome*>& benches);

} // namespace tsir
