#include "lib/opt/save_checked.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/model/save.h"
#include "lib/run/outputs.h"

namespace tsir {
namespace {

std::vector<c10::IValue> run(const Unit& unit, const SaveReference& with) {
  return outputs_of(unit, with.inputs, with.seed, with.grad);
}

// Compares what the file gives with what the unit gives, and with what the unit as it came gives.
void compare_written(const Unit& unit, const Unit& again, const std::string& path, const SaveReference& with,
                     SaveCheck& check) {
  std::vector<c10::IValue> as_it_came;
  try {
    as_it_came = run(with.open(), with);
  } catch (const Error& error) {
    if (with.given) {
      throw;
    }
    check.compared = SaveCheck::Compared::inputs_failed;
    check.failure = error.what();
    return;
  }
  const std::vector<c10::IValue> written = run(again, with);
  const Difference by_saving = compare(run(unit, with), written);
  if (!by_saving.same) {
    throw Error(ErrorKind::check,
                fmt::format("{} was not written: loaded back, its outputs differ: {}", path, by_saving.what));
  }
  check.difference = compare(as_it_came, written, with.tolerance);
  if (!check.difference.same && !with.allow_different) {
    throw Error(ErrorKind::check,
                fmt::format("{} was not written: its outputs differ from those of {} as it came: {}; "
                            "{} writes it anyway",
                            path, check.reference, check.difference.what, spelled(Setting::allow_different)));
  }
}

} // namespace

SaveCheck save_checked(Unit& unit, const std::string& path, const FileContents& before,
                       const std::optional<SaveReference>& reference) {
  SaveCheck check{.reference = before.file};
  if (reference) {
    const bool fits = unit.stack(reference->inputs).size() == unit.graph()->inputs().size();
    check.compared = fits ? SaveCheck::Compared::outputs : SaveCheck::Compared::inputs_changed;
  }
  std::optional<Unit> written;
  const SaveBeside beside = save_module(unit, path, {before.extra_files, before.lite_bytecode}, [&](const Unit& again) {
    if (check.compared == SaveCheck::Compared::outputs) {
      compare_written(unit, again, path, *reference, check);
    }
    written = again;
  });
  check.left_out = left_out(before, *written, beside.lite_bytecode);
  return check;
}

} // namespace tsir
