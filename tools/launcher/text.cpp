#include "tools/launcher/text.h"

#include <fstream>

namespace tsir::launcher {

namespace fs = std::filesystem;

std::string contents(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  std::ifstream stream(file, std::ios::binary);
  if (failed || !stream) {
    return "";
  }
  std::string text(size, '\0'); // in one piece: the C library has 2 MB
  stream.read(text.data(), static_cast<std::streamsize>(size));
  text.resize(static_cast<size_t>(stream.gcount()));
  return text;
}

std::string word_after(const std::string& text, const std::string& start) {
  const size_t at = text.find(start);
  if (at == std::string::npos) {
    return "";
  }
  const std::string rest = text.substr(at + start.size(), 200);
  return rest.substr(0, rest.find_first_of("'\"\r\n\t "));
}

} // namespace tsir::launcher
