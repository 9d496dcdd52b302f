#include "lib/pass/observers/verify.h"

#include "lib/base/error.h"
#include "lib/pass/pipeline.h"

namespace tsir {

void VerifyObserver::after_pass(const PassEvent& event, Unit& unit) {
  try {
    unit.graph()->lint();
  } catch (const std::exception& error) {
    throw Error(ErrorKind::pass, fmt::format("pass {} left a broken graph: {}; it is reproduced by --passes '{}'",
                                             event.use.row->name, one_line(error), event.pipeline_text));
  }
}

} // namespace tsir
