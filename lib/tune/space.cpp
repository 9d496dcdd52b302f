#include "lib/tune/space.h"

#include "lib/base/error.h"

namespace tsir {
namespace {

constexpr double helps = 0.995;        // a smaller gain is not worth a combination
constexpr double unshown_gain = 1.002; // fewer parts are better

bool freezes(const std::string& name) {
  return name == "freeze" || name == "python-freeze";
}

// Null if the name is not that of a part, but of a setting, or of nothing.
const Part* find_part(const std::string& name) {
  const auto found = std::ranges::find(tuning_parts(), name, &Part::name);
  return found == tuning_parts().end() ? nullptr : &*found;
}

const Part& part_named(const std::string& name) {
  const Part* found = find_part(name);
  if (found == nullptr) {
    throw Error(ErrorKind::usage, fmt::format("'{}' is not a part of the search", name));
  }
  return *found;
}

std::string names_of(const std::function<bool(const Part&)>& wanted) {
  std::vector<std::string> names;
  for (const Part& part : tuning_parts()) {
    if (wanted(part)) {
      names.push_back(part.name);
    }
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// What the gains of all its parts promise, also of those that others brought.
double promised(const TuneCandidate& candidate, const Gains& gains) {
  double product = 1;
  for (const Gain& gain : gains) {
    const bool has = std::ranges::find(candidate.parts, gain.part) != candidate.parts.end();
    product *= !has ? 1 : gain.shown ? gain.ratio : unshown_gain;
  }
  return product;
}

// Whether the parts can be in one pipeline.
bool fit_together(const std::vector<std::string>& names) {
  std::set<std::string> groups;
  for (const std::string& name : names) {
    const std::string& group = part_named(name).group;
    if (!group.empty() && !groups.insert(group).second) {
      return false;
    }
  }
  return true;
}

} // namespace

const std::vector<Part>& tuning_parts() {
  static const std::vector<Part> parts = {
      {.name = "inline", .passes = "inline", .group = "inline"},
      {.name = "unroll", .passes = "unroll-constant-loops,constant-propagation", .group = "", .inlined = true},
      {.name = "remove-mutation",
       .passes = "remove-list-mutation,remove-tensor-mutation",
       .group = "",
       .inlined = true},
      {.name = "freeze", .passes = "freeze-module", .group = "freeze"},
      {.name = "python-freeze", .passes = "python-freeze", .group = "freeze"},
      {.name = "bf16", .passes = "bf16", .group = "precision", .frozen = true, .changes_precision = true},
      {.name = "dynamic-int8",
       .passes = "dynamic-int8",
       .group = "precision",
       .frozen = true,
       .changes_precision = true,
       .for_cpu = true},
      {.name = "transposed-linear", .passes = "frozen-linear-transpose", .group = "linear", .frozen = true},
      {.name = "packed-linear", .passes = "pack-linear", .group = "linear", .frozen = true, .for_cpu = true},
      {.name = "decompose", .passes = "decompose-ops,batch-mm", .group = "", .inlined = true},
      {.name = "channels-last", .passes = "to-channels-last", .group = "", .frozen = true},
      {.name = "mkldnn-layout",
       .passes = "convert-frozen-ops-to-mkldnn",
       .group = "layout",
       .frozen = true,
       .for_cpu = true},
      {.name = "clean-up", .passes = "peephole,constant-propagation,cse,dce", .group = "", .inlined = true},
      {.name = "onednn-fusion",
       .passes = "",
       .group = "layout",
       .frozen = true,
       .onednn_fusion = true,
       .for_cpu = true},
      {.name = "fuse", .passes = "fuse", .group = "layout", .inlined = true, .as_is = true},
  };
  return parts;
}

const std::vector<std::string>& tuning_settings() {
  static const std::vector<std::string> names = {
      "executor", "threads", "interop-threads", "profiled-runs", "fusion-strategy", "inference-mode", "flush-denormal"};
  return names;
}

void Space::check() const {
  for (const std::string& name : only) {
    if (std::ranges::find(tuning_settings(), name) == tuning_settings().end() && find_part(name) == nullptr) {
      throw Error(ErrorKind::usage,
                  fmt::format("'{}' is not searched; the parts are: {}; and the settings: {}", name,
                              names_of([](const Part&) { return true; }), fmt::join(tuning_settings(), ", ")));
    }
  }
  for (const std::string& name : allowed) {
    const Part* found = find_part(name);
    if (found == nullptr || !found->changes_precision) {
      throw Error(ErrorKind::usage, fmt::format("'{}' is not a part that must be allowed: these are {}", name,
                                                names_of([](const Part& part) { return part.changes_precision; })));
    }
  }
}

bool Space::wants(const std::string& name) const {
  const Part* part = find_part(name);
  const bool forbidden = part != nullptr && part->changes_precision && !allowed.contains(name);
  return !forbidden && (only.empty() || only.contains(name));
}

bool Space::searches(const std::string& name) const {
  const Part* part = find_part(name);
  return wants(name) && (part == nullptr || on_cpu || !part->for_cpu);
}

TuneCandidate as_loaded(const Space& space) {
  TuneCandidate candidate;
  candidate.settings.threads = space.threads;
  return candidate;
}

TuneCandidate candidate_with(const std::set<std::string>& names, const HostSettings& settings) {
  std::set<std::string> all = names;
  const bool needs_freezing =
      std::ranges::any_of(names, [](const std::string& name) { return part_named(name).frozen; });
  if (needs_freezing && std::ranges::none_of(names, freezes)) {
    all.insert("python-freeze");
  }
  TuneCandidate candidate{.parts = {}, .passes = "", .settings = settings};
  const auto append = [&](const std::string& passes) {
    candidate.passes += (candidate.passes.empty() || passes.empty() ? "" : ",") + passes;
  };
  bool inlined = false;
  for (const Part& part : tuning_parts()) {
    if (!all.contains(part.name)) {
      continue;
    }
    if (part.inlined && !inlined) {
      append("inline");
    }
    inlined = inlined || part.inlined || part.name == "inline" || freezes(part.name);
    candidate.parts.push_back(part.name);
    append(part.passes);
    candidate.settings.executor = part.as_is ? Executor::as_is : candidate.settings.executor;
    candidate.settings.onednn_fusion |= part.onednn_fusion;
  }
  return candidate;
}

bool changes_precision(const TuneCandidate& candidate) {
  return std::ranges::any_of(candidate.parts,
                             [](const std::string& name) { return part_named(name).changes_precision; });
}

std::vector<TuneCandidate> single_candidates(const Space& space) {
  std::vector<TuneCandidate> candidates;
  const HostSettings settings = as_loaded(space).settings;
  const auto add = [&](std::set<std::string> parts, const HostSettings& with) {
    if (std::ranges::all_of(parts, [&](const std::string& name) { return space.searches(name); })) {
      candidates.push_back(candidate_with(parts, with));
    }
  };
  add({"python-freeze"}, settings);
  add({"python-freeze", "fuse"}, settings);
  add({"python-freeze", "onednn-fusion"}, settings);
  for (const Part& part : tuning_parts()) {
    if (part.name != "python-freeze" && space.searches(part.name)) {
      candidates.push_back(candidate_with({part.name}, settings));
    }
  }
  if (space.searches("executor")) {
    for (const Executor executor : {Executor::as_is, Executor::simple}) {
      HostSettings other = settings;
      other.executor = executor;
      add({}, other);
    }
  }
  return candidates;
}

std::vector<TuneCandidate> combinations(const Gains& gains, const Space& space, const std::set<std::string>& known,
                                        size_t most) {
  Gains helpful;
  std::ranges::copy_if(gains, std::back_inserter(helpful), [](const Gain& gain) { return gain.ratio < helps; });
  std::ranges::sort(helpful, {}, [](const Gain& gain) { return std::pair(!gain.shown, gain.ratio); });
  helpful.resize(std::min<size_t>(helpful.size(), 8));
  std::vector<std::pair<double, TuneCandidate>> found;
  std::set<std::string> keys = known;
  for (size_t chosen = 1; chosen < size_t{1} << helpful.size(); ++chosen) {
    std::vector<std::string> names;
    for (size_t i = 0; i < helpful.size(); ++i) {
      if ((chosen >> i & 1) != 0) {
        names.push_back(helpful[i].part);
      }
    }
    if (names.size() < 2 || !fit_together(names)) {
      continue;
    }
    const TuneCandidate candidate = candidate_with({names.begin(), names.end()}, as_loaded(space).settings);
    if (keys.insert(candidate.key()).second) {
      found.emplace_back(promised(candidate, helpful), candidate);
    }
  }
  std::ranges::stable_sort(found, {}, [](const auto& one) { return one.first; });
  std::vector<TuneCandidate> candidates;
  for (size_t i = 0; i < std::min(found.size(), most); ++i) {
    candidates.push_back(found[i].second);
  }
  return candidates;
}

std::vector<TuneCandidate> setting_variants(const TuneCandidate& best, const Space& space) {
  std::vector<TuneCandidate> variants;
  const auto add = [&](const char* name, auto&& change) {
    TuneCandidate variant = best;
    change(variant.settings);
    if (space.searches(name) && variant != best) {
      variants.push_back(std::move(variant));
    }
  };
  const bool free = std::ranges::none_of(best.parts, [](const std::string& name) { return part_named(name).as_is; });
  for (const Executor executor : {Executor::as_is, Executor::simple, Executor::profiling}) {
    if (free && !best.settings.onednn_fusion) {
      add("executor", [&](HostSettings& settings) { settings.executor = executor; });
    }
  }
  add("inference-mode", [](HostSettings& settings) { settings.inference_mode = true; });
  if (space.threads == 0 && space.processors > 1) {
    for (const int threads : std::set<int>{1, (space.processors + 1) / 2}) {
      add("threads", [&](HostSettings& settings) { settings.threads = threads; });
    }
  }
  if (space.forks && space.processors > 1) {
    for (const int threads : {1, space.processors}) {
      add("interop-threads", [&](HostSettings& settings) { settings.interop_threads = threads; });
    }
  }
  if (best.settings.executor == Executor::profiling) {
    add("profiled-runs", [](HostSettings& settings) { settings.profiled_runs = 2; });
    for (const char* strategy : {"STATIC:20", "DYNAMIC:20"}) {
      if (space.shapes) { // one shape is compiled once
        add("fusion-strategy", [&](HostSettings& settings) { settings.fusion_strategy = strategy; });
      }
    }
  }
  add("flush-denormal", [](HostSettings& settings) { settings.flush_denormal = true; });
  return variants;
}

TuneCandidate with_settings_of(const TuneCandidate& best, const std::vector<TuneCandidate>& variants) {
  TuneCandidate all = best;
  for (const TuneCandidate& variant : variants) {
    const HostSettings& its = variant.settings;
    HostSettings& settings = all.settings;
    settings.executor = its.executor != best.settings.executor ? its.executor : settings.executor;
    settings.threads = its.threads != best.settings.threads ? its.threads : settings.threads;
    settings.interop_threads =
        its.interop_threads != best.settings.interop_threads ? its.interop_threads : settings.interop_threads;
    settings.fusion_strategy = its.fusion_strategy.empty() ? settings.fusion_strategy : its.fusion_strategy;
    settings.profiled_runs = std::max(settings.profiled_runs, its.profiled_runs);
    settings.inference_mode |= its.inference_mode;
    settings.flush_denormal |= its.flush_denormal;
  }
  if (all.settings.executor != Executor::profiling) {
    all.settings.profiled_runs = 0; // no other executor profiles
    all.settings.fusion_strategy.clear();
  }
  return all;
}

} // namespace tsir
