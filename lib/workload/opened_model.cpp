#include "lib/workload/opened_model.h"

#include "lib/archive/identify.h"
#include "lib/archive/model_bytes.h"
#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/model/devices.h"
#include "lib/model/load/inspect.h"
#include "lib/model/load/load.h"
#include "lib/model/text_ir.h"
#include "lib/model/traced_inputs.h"
#include "lib/process/phase.h"

namespace tsir {
namespace {

Unit unit_at(const jit::Module& root, const std::string& path) {
  const auto [module, method] = place_of_method(root, path);
  return Unit::of_module(module, method);
}

} // namespace

struct OpenedModel::State {
  UnitSource source;
  OpenMode mode;
  c10::Device device;
  Warn warn;
  std::shared_ptr<const Bytes> bytes;
  bool text = false;                   // .ir
  std::unique_ptr<ModelSource> module; // of a module that is loaded; absent if it is only inspected
};

OpenedModel::OpenedModel(const UnitSource& source, OpenMode mode, c10::Device device, Warn warn)
    : state_(std::make_unique<State>(State{source, mode, device, std::move(warn), {}, false, {}})) {
  const Phase phase(fmt::format("opening {}", source.file));
  const TimeLimit limit(source.open_limit);
  load_libraries(source.libraries);
  state_->bytes = open_model_bytes(source.file);
  state_->text = identify(*state_->bytes).kind == FileKind::ir_text;
  if (!state_->text && mode == OpenMode::load) {
    state_->module = std::make_unique<ModelSource>(state_->bytes);
  }
}

OpenedModel::~OpenedModel() = default;

bool OpenedModel::is_text() const {
  return state_->text;
}

size_t OpenedModel::graphs() const {
  return is_text() && state_->source.graph == 0 ? count_graphs(text()) : 1;
}

std::string_view OpenedModel::text() const {
  return state_->bytes->text();
}

std::shared_ptr<const Bytes> OpenedModel::bytes() const {
  return state_->bytes;
}

std::vector<std::string> OpenedModel::traced_inputs(const std::string& method) const {
  if (is_text() || !looks_like_zip(*state_->bytes)) {
    return {};
  }
  const auto by_method = tsir::traced_inputs(*Archive::open(state_->bytes));
  const auto found = by_method.find(method);
  return found == by_method.end() ? std::vector<std::string>() : found->second;
}

const UnitSource& OpenedModel::source() const {
  return state_->source;
}

const Warn& OpenedModel::warn() const {
  return state_->warn;
}

OpenMode OpenedModel::mode() const {
  return state_->mode;
}

Unit OpenedModel::unit(size_t number) const {
  return unit(number, state_->warn);
}

Unit OpenedModel::unit(size_t number, const Warn& warn) const {
  const UnitSource& source = state_->source;
  const Phase phase(fmt::format("opening {}", source.file));
  const TimeLimit limit(source.open_limit);
  if (is_text()) {
    const size_t graph = number == 0 ? source.graph : number;
    Unit unit = parse_unit(text(), source.file, {parse_fill_constants(source.fill_constants), graph, warn});
    if (source.method.empty()) {
      return unit;
    }
    if (!unit.has_module()) {
      throw Error(ErrorKind::usage, fmt::format("{} is a bare graph, which has no methods: leave out {}", source.file,
                                                spelled(Setting::method)));
    }
    return unit_at(unit.module(), source.method);
  }
  const jit::Module module =
      state_->module ? state_->module->instantiate(state_->device) : inspect(state_->bytes).module;
  if (state_->module) {
    const auto mapped = map_devices(module, state_->device, state_->module->saved_on());
    if (!mapped.empty() && warn) {
      const std::string what = describe_mapped(mapped, state_->device);
      warn({.path = source.file, .line = 0, .column = 0, .what = what, .excerpt = ""});
    }
  }
  return unit_at(module, choose_method(module, source.method));
}

} // namespace tsir
