#include "passes/host/host_texts.h"

#include <sstream>

namespace tsir {

HostCode call_of(const char* text, const std::string& call) {
  HostCode code;
  std::istringstream lines(text);
  bool in_code = false;
  for (std::string line; std::getline(lines, line);) {
    const std::string include = "#include <";
    if (line.starts_with(include)) {
      code.headers.push_back(line.substr(include.size(), line.find('>') - include.size()));
    }
    in_code = in_code || line.starts_with("namespace ");
    code.definitions += in_code ? line + "\n" : "";
  }
  code.cpp = call;
  return code;
}

} // namespace tsir
