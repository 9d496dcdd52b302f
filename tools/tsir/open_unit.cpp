#include "tools/tsir/open_unit.h"

#include "lib/base/error.h"
#include "lib/process/phase.h"
#include "lib/archive/identify.h"
#include "lib/model/load/load.h"
#include "lib/model/load/inspect.h"
#include "lib/base/printable.h"

namespace tsir::tool {

void warn_once(const TextFault& doubt) {
  static std::unordered_set<std::string> told;
  if (told.insert(doubt.text()).second) {
    std::fprintf(stderr, "tsir: warning: %s\n", printable(doubt.text()).c_str());
  }
}

ReadSettings read_settings(const ModelOptions& options, size_t number, const Warn& warn) {
  return {parse_fill_constants(options.fill_constants), number == 0 ? options.graph : number, warn};
}

struct OpenedModel::State {
  ModelOptions options;
  c10::Device device;
  std::shared_ptr<const Bytes> bytes;
  bool graph = false;                  // .ir text
  std::unique_ptr<ModelSource> source; // of a module that is loaded; absent where it is only looked at
};

OpenedModel::OpenedModel(const ModelOptions& options, OpenMode mode, c10::Device device)
    : state_(std::make_unique<State>(State{options, device, {}, false, {}})) {
  const Phase phase(fmt::format("opening {}", options.file));
  const TimeLimit limit(options.time_limit());
  options.prepare();
  state_->bytes = Bytes::open(options.file);
  state_->graph = identify(*state_->bytes).kind == FileKind::ir_text;
  if (!state_->graph && mode == OpenMode::load) {
    state_->source = std::make_unique<ModelSource>(state_->bytes);
  }
}

OpenedModel::~OpenedModel() = default;

bool OpenedModel::is_graph() const {
  return state_->graph;
}

size_t OpenedModel::graphs() const {
  return is_graph() && state_->options.graph == 0 ? count_graphs(text()) : 1;
}

std::string_view OpenedModel::text() const {
  return state_->bytes->text();
}

Unit OpenedModel::unit(size_t number, const Warn& warn) const {
  const ModelOptions& options = state_->options;
  const Phase phase(fmt::format("opening {}", options.file));
  const TimeLimit limit(options.time_limit());
  if (is_graph()) {
    Unit unit = parse_unit(text(), options.file, read_settings(options, number, warn));
    if (options.method.empty()) {
      return unit;
    }
    if (!unit.has_module()) {
      throw Error(ErrorKind::usage,
                  fmt::format("{} is a bare graph, which has no methods: leave out --method", options.file));
    }
    return Unit::of_module(unit.module(), options.method);
  }
  jit::Module module = state_->source ? state_->source->instantiate(state_->device) : inspect(state_->bytes).module;
  const std::string method = choose_method(module, options.method);
  return Unit::of_module(std::move(module), method);
}

bool has_profiled(const Pipeline& pipeline) {
  return std::any_of(pipeline.uses().begin(), pipeline.uses().end(),
                     [](const PassUse& use) { return use.row->kind == PassKind::profiled; });
}

std::vector<c10::IValue> inputs_for(const InputOptions& options, Unit& unit, c10::Device device) {
  InputSettings settings = options.settings;
  settings.device = device;
  return make_inputs(settings, unit.schema(), unit.has_module() ? &unit.module() : nullptr);
}

bool runs_operators(const Pipeline& pipeline) {
  return std::any_of(pipeline.uses().begin(), pipeline.uses().end(),
                     [](const PassUse& use) { return use.row->runs_operators || use.row->kind == PassKind::profiled; });
}

} // namespace tsir::tool
