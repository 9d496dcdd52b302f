#include "lib/pass/observers/dump_dir.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/setting.h"
#include "lib/pass/pipeline.h"

namespace tsir {

DumpObserver::DumpObserver(std::string folder, PrintSettings settings)
    : folder_(std::move(folder)), settings_(settings) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error || !std::filesystem::is_directory(folder_)) {
    throw Error(ErrorKind::usage, fmt::format("cannot make folder {}: {}", folder_, error.message()));
  }
}

void DumpObserver::before_pipeline(Unit& unit) {
  write(0, "start", "", unit);
}

void DumpObserver::after_pass(const PassEvent& event, Unit& unit) {
  write(event.index + 1, event.use.row->name, event.pipeline_text, unit);
}

void DumpObserver::write(size_t number, const std::string& name, const std::string& passes, const Unit& unit) const {
  const auto path = std::filesystem::path(folder_) / fmt::format("{:03}-{}.ir", number, name);
  write_file(path.string(), fmt::format("# {}; {} '{}'\n{}", unit.name(), spelled(Setting::passes), passes,
                                        to_text(*unit.graph(), settings_)));
}

} // namespace tsir
