#include "lib/bench/outcome/variant.h"

namespace tsir {

std::string_view to_string(VariantState state) {
  switch (state) {
  case VariantState::good:
    return "good";
  case VariantState::identical:
    return "identical";
  case VariantState::wrong:
    return "wrong";
  case VariantState::pass_failed:
    return "pass-failed";
  case VariantState::run_failed:
    return "run-failed";
  case VariantState::refused:
    return "refused";
  case VariantState::not_run:
    return "not-run";
  }
  return "?";
}

bool has_times(VariantState state) {
  return state == VariantState::good || state == VariantState::identical;
}

} // namespace tsir
