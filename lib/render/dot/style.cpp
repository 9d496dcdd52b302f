#include "lib/render/dot/style.h"

#include <array>
#include <utility>

namespace tsir {
namespace {

constexpr auto box_styles = std::to_array<std::pair<BoxKind, BoxStyle>>({
    {BoxKind::input, {"oval", "filled", "#ffffff", "#1b5e20", "2", "oval", "input"}},
    {BoxKind::output, {"oval", "filled", "#ffffff", "#1b5e20", "1.5", "double oval", "output"}},
    {BoxKind::parameter, {"cylinder", "filled", "#fff3d6", "#9a7b2f", "1", "cylinder", "weights and other attributes"}},
    {BoxKind::constant, {"note", "filled", "#f7f7f7", "#9e9e9e", "1", "folded note", "constants"}},
    {BoxKind::layer,
     {"box", "filled", "#b3d4f5", "#0d47a1", "2.5", "thick box", "convolution, linear, attention, recurrent"}},
    {BoxKind::normalisation,
     {"box", "filled,dashed", "#c8eadf", "#00695c", "1.5", "dashed box", "normalisation, dropout"}},
    {BoxKind::activation, {"box", "filled,rounded", "#ffd9a8", "#bf5f00", "1.5", "rounded box", "activation"}},
    {BoxKind::pooling, {"invhouse", "filled", "#e3d4f3", "#5e35b1", "1.5", "pointed box", "pooling, reduction"}},
    {BoxKind::arithmetic, {"box", "filled", "#ffffff", "#424242", "1", "box", "arithmetic and other operators"}},
    {BoxKind::shape, {"box", "filled,diagonals", "#eceff1", "#607d8b", "1", "cut corners", "shape, view, copy, cast"}},
    {BoxKind::container, {"tab", "filled", "#eceff1", "#607d8b", "1", "tab", "list, tuple, dict"}},
    {BoxKind::control, {"hexagon", "filled", "#fff59d", "#827717", "1.5", "hexagon", "control flow"}},
    {BoxKind::effect, {"octagon", "filled", "#ffcdd2", "#c62828", "1.5", "octagon", "side effect"}},
    {BoxKind::fused, {"component", "filled", "#d7ccc8", "#4e342e", "1.5", "component", "fused or forked"}},
    {BoxKind::call, {"box3d", "filled", "#dcedc8", "#33691e", "1.5", "3d box", "call of a submodule or function"}},
    {BoxKind::submodule, {"box3d", "filled", "#dcedc8", "#33691e", "1.5", "3d box", "submodule"}},
    {BoxKind::group, {"folder", "filled", "#e8eaf6", "#283593", "1.5", "folder", "several operators in one box"}},
    {BoxKind::other,
     {"box", "filled,dotted", "#ffffff", "#424242", "1.5", "dotted box", "operator that is not a builtin"}},
    {BoxKind::more, {"plaintext", "solid", "#ffffff", "#616161", "1", "…", "number of edges not drawn"}},
});

} // namespace

const BoxStyle& style_of(BoxKind kind) {
  return box_styles[static_cast<size_t>(kind)].second;
}

const EdgeStyle& style_of(EdgeKind kind) {
  static constexpr EdgeStyle data{"solid", "#37474f", "normal", "arrow", ""};
  static constexpr EdgeStyle attached{"solid", "#9e9e9e", "none", "thin line", ""};
  static constexpr EdgeStyle control{"dotted", "#827717", "vee", "dotted arrow", "control"};
  static constexpr EdgeStyle carried{"dashed", "#827717", "vee", "dashed arrow", "to the next iteration of a loop"};
  static constexpr EdgeStyle shape{"dotted", "#607d8b", "onormal", "dotted arrow, open head", "only its shape is used"};
  static constexpr EdgeStyle repeated{"dashed", "#33691e", "vee", "dashed green arrow", "to the next repetition"};
  static constexpr EdgeStyle state{"bold", "#c62828", "normal", "thick red arrow", "state, read in the same call"};
  static constexpr EdgeStyle next{"dashed,bold", "#c62828", "normal", "dashed red arrow",
                                  "state, read in the next call"};
  switch (kind) {
  case EdgeKind::data:
    return data;
  case EdgeKind::attached:
    return attached;
  case EdgeKind::control:
    return control;
  case EdgeKind::carried:
    return carried;
  case EdgeKind::shape:
    return shape;
  case EdgeKind::repeated:
    return repeated;
  case EdgeKind::state:
    return state;
  case EdgeKind::next_call:
    return next;
  }
  return data;
}

const ClusterStyle& style_of(ClusterKind kind) {
  static constexpr ClusterStyle control{"filled,rounded", "#fffde7", "#827717", "rounded frame", "branch or loop"};
  static constexpr ClusterStyle block{"filled,rounded,dashed", "#ffffff", "#9e9d24", "dashed frame", "its blocks"};
  static constexpr ClusterStyle fused{"filled,bold", "#f4efed", "#4e342e", "thick frame", "fused group or forked task"};
  static constexpr ClusterStyle repeated{"filled,rounded,bold", "#f1f8e9", "#33691e", "thick green frame",
                                         "drawn once, repeated as its title says"};
  switch (kind) {
  case ClusterKind::control:
    return control;
  case ClusterKind::block:
    return block;
  case ClusterKind::fused:
    return fused;
  case ClusterKind::repeated:
    return repeated;
  }
  return block;
}

const ChangeStyle& style_of(Change change) {
  static constexpr ChangeStyle stayed{"solid", "#ffffff", "#9e9e9e", "", "thin grey border", "stayed"};
  static constexpr ChangeStyle changed{"bold", "#fff3e0", "#e65100", "~ ", "thick border, ~", "stayed with a change"};
  static constexpr ChangeStyle came{"bold", "#e8f5e9", "#1b5e20", "+ ", "thick border, +", "came"};
  static constexpr ChangeStyle went{"dashed", "#ffebee", "#b71c1c", "− ", "dashed border, −", "went"};
  switch (change) {
  case Change::changed:
    return changed;
  case Change::came:
    return came;
  case Change::went:
    return went;
  default:
    return stayed;
  }
}

const char* heat_fill(size_t step) {
  static constexpr std::array<const char*, heat_steps> fills = {"#fffbe6", "#fee9a6", "#fecd62", "#fdab49", "#f4862c"};
  return fills.at(step);
}

static_assert(
    [] {
      for (size_t i = 0; i < box_styles.size(); ++i) {
        if (static_cast<size_t>(box_styles[i].first) != i) {
          return false;
        }
      }
      return box_styles.size() == static_cast<size_t>(BoxKind::more) + 1;
    }(),
    "the table is complete and in the order of BoxKind");

} // namespace tsir
