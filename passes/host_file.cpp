#include "passes/host/host_texts.h"

#include <sstream>

namespace tsir {

HostCode call_of(const std::vector<const char*>& texts, const std::string& call) {
  HostCode code;
  code.cpp = call;
  for (const char* text : texts) {
    std::string& definitions = code.definitions.emplace_back();
    std::istringstream lines(text);
    bool in_code = false;
    for (std::string line; std::getline(lines, line);) {
      const std::string include = "#include <";
      if (line.starts_with(include)) {
        code.headers.push_back(line.substr(include.size(), line.find('>') - include.size()));
      }
      in_code = in_code || line.starts_with("namespace ");
      definitions += in_code ? line + "\n" : "";
    }
  }
  return code;
}

} // namespace tsir
