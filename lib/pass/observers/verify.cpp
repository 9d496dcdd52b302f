#include "lib/pass/observers/verify.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/ir/lint.h"
#include "lib/pass/pipeline.h"

namespace tsir {

void VerifyObserver::after_pass(const PassEvent& event, Unit& unit) {
  try {
    lint(*unit.graph());
  } catch (const std::exception& error) {
    throw Error(ErrorKind::pass,
                fmt::format("pass {} left a broken graph: {}; it is reproduced by {} '{}'", event.use.row->name,
                            one_line(error), spelled(Setting::passes), event.pipeline_text));
  }
}

} // namespace tsir
