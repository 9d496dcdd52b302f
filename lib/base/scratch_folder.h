// A new folder for files of our own, which goes with all that is in it.
#pragma once

#include <filesystem>
#include <string>

namespace tsir {

class ScratchFolder {
public:
  // `name`-XXXXXX in `parent`. Throws Error(check) where none can be made.
  explicit ScratchFolder(const std::string& name,
                         const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

private:
  std::string path_;
};

} // namespace tsir
