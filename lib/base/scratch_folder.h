// A new temporary folder, which is removed with all of its contents on destruction.
#pragma once

#include <filesystem>
#include <string>

namespace tsir {

class ScratchFolder {
public:
  // Creates `name`-XXXXXX in `parent`. Throws Error(check) if that fails.
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
