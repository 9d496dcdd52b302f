#include "lib/run/tolerance.h"

#include "lib/base/error.h"
#include "lib/ir/dtype_names.h"

#include <cmath>

namespace tsir {
namespace {

double number(const std::string& text, const std::string& whole, Setting source) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= 0) || std::isinf(value)) {
    throw Error(ErrorKind::usage,
                fmt::format("{} '{}': expected [DTYPE=]RTOL[,ATOL], such as 1e-5 or float16=1e-2,1e-3", spelled(source),
                            whole));
  }
  return value;
}

} // namespace

Tolerance parse_tolerances(const std::vector<std::string>& texts, Setting source) {
  Tolerance tolerance;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    const std::string limits = equals == std::string::npos ? text : text.substr(equals + 1);
    const auto comma = limits.find(',');
    const double rtol = number(limits.substr(0, comma), text, source);
    const double atol = comma == std::string::npos ? rtol / 10 : number(limits.substr(comma + 1), text, source);
    if (equals == std::string::npos) {
      tolerance.rtol = rtol;
      tolerance.atol = atol;
      continue;
    }
    const auto dtype = dtype_by_name(text.substr(0, equals));
    if (!dtype) {
      throw Error(ErrorKind::usage, fmt::format("{} '{}': there is no dtype '{}'; there are {}", spelled(source), text,
                                                text.substr(0, equals), known_dtypes()));
    }
    tolerance.by_dtype[*dtype] = {rtol, atol};
  }
  return tolerance;
}

} // namespace tsir
