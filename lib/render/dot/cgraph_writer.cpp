#include "lib/render/dot/cgraph_writer.h"

#include "lib/render/dot/labels.h"
#include "lib/render/dot/rows.h"
#include "lib/render/dot/style.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace tsir {
namespace {

constexpr const char* font = "DejaVu Sans,Helvetica,Arial,sans-serif";

// libcgraph takes non-const strings, but copies them.
char* text(const std::string& string) {
  return const_cast<char*>(string.c_str());
}

// libcgraph numbers named objects by the address of the name, and writes and lays out frames in the order of these
// numbers, so that every run gives another drawing. If no number is assigned here, names get the next free one.
auto number_in_order(void* state, int kind, char* name, IDTYPE* id, int create) {
  return name != nullptr ? 0 : AgIdDisc.map(state, kind, nullptr, id, create);
}

Agdisc_t* disciplines() {
  static Agiddisc_t numbers = [] {
    Agiddisc_t discipline = AgIdDisc;
    discipline.map = &number_in_order;
    return discipline;
  }();
  static Agdisc_t all{&AgMemDisc, &numbers, &AgIoDisc};
  return &all;
}

// Edges that lead to an earlier place must not move it down.
bool goes_back(EdgeKind kind) {
  return kind == EdgeKind::carried || kind == EdgeKind::repeated || kind == EdgeKind::next_call;
}

// libcgraph looks for each box and each line in every frame that stands side by side when it writes DOT. More frames
// than this are put into subgraphs, which are not drawn: about as many subgraphs as frames in each.
constexpr size_t most_side_by_side = 256;

class Writer {
public:
  explicit Writer(const DotSettings& settings)
      : settings_(settings), owner_(agopen(text("tsir"), Agdirected, disciplines())), graph_(owner_.get()) {}

  CgraphPtr write(const Drawing& drawing) {
    set_defaults(drawing);
    scaled_ = drawing.scale.has_value();
    for (const Cluster& cluster : drawing.clusters) {
      ++within_[cluster.parent].frames;
    }
    for (size_t i = 0; i < drawing.clusters.size(); ++i) {
      add_cluster(drawing.clusters[i], i);
    }
    for (size_t i = 0; i < drawing.boxes.size(); ++i) {
      add_box(drawing.boxes[i], i);
    }
    for (const Edge& edge : drawing.edges) {
      add_edge(edge, drawing);
    }
    if (settings_.legend) {
      add_legend(drawing);
    }
    return std::move(owner_);
  }

private:
  void set_defaults(const Drawing& drawing) {
    const auto declare = [&](int kind, std::initializer_list<std::pair<const char*, std::string>> attributes) {
      for (const auto& [name, value] : attributes) {
        agattr(graph_, kind, text(name), text(value));
      }
    };
    const std::string title = plain_label(drawing.title);
    declare(AGRAPH, {{"rankdir", settings_.left_to_right ? "LR" : "TB"},
                     {"label", title},
                     {"labelloc", "t"},
                     {"fontname", font},
                     {"fontsize", "14"},
                     {"tooltip", title},
                     {"nodesep", "0.2"},
                     {"ranksep", "0.35"},
                     {"compound", "true"},
                     {"style", ""},
                     {"fillcolor", ""},
                     {"color", "#000000"},
                     {"labeljust", "c"}});
    declare(AGNODE, {{"label", "\\N"},
                     {"shape", "box"},
                     {"style", "filled"},
                     {"fillcolor", "#ffffff"},
                     {"color", "#000000"},
                     {"penwidth", "1"},
                     {"peripheries", "1"},
                     {"fontname", font},
                     {"fontsize", "11"},
                     {"margin", "0.1,0.04"},
                     {"width", "0.3"},
                     {"height", "0.25"},
                     {"tooltip", ""}});
    declare(AGEDGE, {{"label", ""},
                     {"style", "solid"},
                     {"color", "#000000"},
                     {"fontname", font},
                     {"fontsize", "8"},
                     {"fontcolor", drawing.scale ? "#000000" : "#37474f"}, // also legible on a frame that is coloured
                     {"arrowhead", "normal"},
                     {"arrowsize", "0.6"},
                     {"constraint", "true"},
                     {"weight", "1"},
                     {"lhead", ""},
                     {"tooltip", ""},
                     {"labeltooltip", ""}});
  }

  static void set(void* object, const char* name, const std::string& value) { agset(object, text(name), text(value)); }

  void set_html(void* object, const std::string& label) {
    char* html = agstrdup_html(graph_, text(label));
    agset(object, text("label"), html);
    agstrfree(graph_, html);
  }

  Agraph_t* frame(int cluster) { return cluster < 0 ? graph_ : clusters_.at(static_cast<size_t>(cluster)); }

  // Where a frame within this one is put: into it, or into a bundle in it.
  Agraph_t* place_within(int cluster) {
    Within& within = within_[cluster];
    if (within.frames <= most_side_by_side) {
      return frame(cluster);
    }
    const auto in_bundle = static_cast<size_t>(std::sqrt(within.frames));
    if (within.added++ % in_bundle == 0) {
      within.bundle = agsubg(frame(cluster), text(fmt::format("bundle_{}", bundles_++)), 1);
    }
    return within.bundle;
  }

  void add_cluster(const Cluster& cluster, size_t index) {
    Agraph_t* sub = agsubg(place_within(cluster.parent), text(fmt::format("cluster_{}", index)), 1);
    const ClusterStyle& style = style_of(cluster.kind);
    const bool numbered = cluster.heat && !cluster.heat->text.empty();
    // \l ends a line that is aligned to the left.
    set(sub, "label", plain_label(cluster.title) + (numbered ? "\\l" + plain_label(cluster.heat->text) + "\\l" : ""));
    set(sub, "labeljust", "l");
    set(sub, "fontsize", "10");
    set(sub, "style", style.style);
    set(sub, "fillcolor", cluster.heat ? heat_fill(cluster.heat->step) : style.fill);
    set(sub, "color", style.border);
    set(sub, "tooltip", plain_label(cluster.tooltip));
    clusters_.push_back(sub);
  }

  Agnode_t* add_node(Agraph_t* parent, const std::string& name, BoxKind kind, bool writes) {
    Agnode_t* node = agnode(parent, text(name), 1);
    const BoxStyle& style = style_of(kind);
    set(node, "shape", style.shape);
    set(node, "style", style.style);
    set(node, "fillcolor", style.fill);
    set(node, "color", writes ? writes_border : style.border);
    set(node, "penwidth", style.width);
    set(node, "peripheries", kind == BoxKind::more ? "0" : writes || kind == BoxKind::output ? "2" : "1");
    return node;
  }

  void add_box(const Box& box, size_t index) {
    Agnode_t* node = add_node(frame(box.cluster), fmt::format("n{}", index), box.kind, box.writes);
    if (box.focus) {
      set(node, "color", focus_border);
      set(node, "penwidth", focus_width);
    }
    if (scaled_) {
      set(node, "fillcolor", box.heat ? heat_fill(box.heat->step) : no_heat_fill);
    }
    if (box.change != Change::none) {
      const ChangeStyle& change = style_of(box.change);
      set(node, "style", fmt::format("filled,{}", change.style));
      set(node, "fillcolor", change.fill);
      set(node, "color", change.border);
    }
    set_html(node, html_label(box));
    set(node, "tooltip", plain_label(box.tooltip.empty() ? box.title : box.tooltip));
    boxes_.push_back(node);
  }

  void add_edge(const Edge& edge, const Drawing& drawing) {
    Agedge_t* drawn = agedge(graph_, boxes_[edge.from], boxes_[edge.to], nullptr, 1);
    const EdgeStyle& style = style_of(edge.kind);
    set(drawn, "label", settings_.edge_labels ? plain_label(edge.label) : "");
    set(drawn, "style", style.style);
    set(drawn, "color", style.color);
    set(drawn, "arrowhead", style.arrow);
    if (edge.change != Change::none && edge.change != Change::stayed) {
      set(drawn, "style", edge.change == Change::went ? "dashed" : "bold");
      set(drawn, "color", style_of(edge.change).border);
    }
    const std::string tooltip = plain_label(edge.tooltip.empty() ? drawing.boxes[edge.from].title : edge.tooltip);
    set(drawn, "tooltip", tooltip);
    set(drawn, "labeltooltip", tooltip);
    if (goes_back(edge.kind)) {
      set(drawn, "constraint", "false");
    }
    if (edge.kind == EdgeKind::attached) {
      set(drawn, "weight", "4"); // keep it next to its user
    }
  }

  void add_legend(const Drawing& drawing) {
    Agraph_t* legend = agsubg(graph_, text("cluster_legend"), 1);
    set(legend, "label", "Legend");
    set(legend, "fontsize", "10");
    set(legend, "style", "filled,rounded");
    set(legend, "fillcolor", "#fafafa");
    set(legend, "color", "#bdbdbd");
    set(legend, "tooltip", "Legend");
    Agnode_t* table = agnode(legend, text("legend"), 1);
    set(table, "shape", "plaintext");
    set(table, "style", "solid");
    set(table, "peripheries", "0");
    set(table, "fontsize", "9");
    set(table, "tooltip", "Legend");
    set_html(table, html_legend(drawing));
  }

  const DotSettings& settings_;
  CgraphPtr owner_;
  Agraph_t* graph_;
  bool scaled_ = false; // boxes are coloured by a number, not by their kind
  // The frames within a frame, or within the graph (-1).
  struct Within {
    size_t frames = 0;
    size_t added = 0;
    Agraph_t* bundle = nullptr;
  };
  std::map<int, Within> within_;
  size_t bundles_ = 0;
  std::vector<Agraph_t*> clusters_;
  std::vector<Agnode_t*> boxes_;
};

} // namespace

CgraphPtr make_cgraph(const Drawing& drawing, const DotSettings& settings) {
  return Writer(settings).write(drawing);
}

CgraphPtr make_cgraph_in_rows(const Drawing& drawing, const DotSettings& settings) {
  Drawing flat = drawing;
  flat.clusters.clear();
  for (Box& box : flat.boxes) {
    box.cluster = -1;
  }
  DotSettings plain = settings;
  plain.legend = false;
  plain.edge_labels = false;
  CgraphPtr graph = Writer(plain).write(flat);
  agattr(graph.get(), AGRAPH, text("splines"), text("line"));
  agattr(graph.get(), AGNODE, text("pos"), text(""));
  const std::vector<Place> places = places_in_rows(flat, settings.left_to_right);
  size_t index = 0;
  for (Agnode_t* node = agfstnode(graph.get()); node != nullptr; node = agnxtnode(graph.get(), node), ++index) {
    agset(node, text("pos"), text(fmt::format("{:.1f},{:.1f}", places[index].x, places[index].y)));
  }
  return graph;
}

} // namespace tsir
