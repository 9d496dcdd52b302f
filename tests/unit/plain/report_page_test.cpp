// The page of a report: its data, its SVG, and what a hostile model may call things.
#include "lib/base/error.h"
#include "lib/report/page/html.h"
#include "lib/report/page/page.h"
#include "lib/report/page/plot_svg.h"
#include "lib/report/page/svg.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

// As Graphviz 2.43 writes it.
const char* const graphviz_svg = R"svg(<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
 "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<!-- Title: tsir Pages: 1 -->
<svg width="90pt" height="99pt"
 viewBox="0.00 0.00 90.12 99.50" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<g id="graph0" class="graph" transform="scale(1 1) rotate(0) translate(4 95.77)">
<title>tsir</title>
<g id="a_graph0"><a xlink:title=" ">
<polygon fill="white" stroke="transparent" points="-4,4 -4,-95 86,-95 86,4 -4,4"/>
</a>
</g>
<g id="clust1" class="cluster">
<title>cluster_0</title>
<path fill="#fafafa" stroke="#bdbdbd" d="M318.55,-6295.06C318.5,-6295.06 610.5,-6295.06 610.5,-6295.06"/>
</g>
<!-- n12 -->
<g id="node1" class="node">
<title>n12</title>
<g id="a_node1"><a xlink:title="%6 : Tensor = aten::linear(%x)">
<polygon fill="#b3d4f5" stroke="#0d47a1" stroke-width="2.5" stroke-dasharray="5,2" points="160.41,-274.77 110,-2"/>
<text text-anchor="start" x="117.41" y="-263.97" font-family="DejaVu Sans" font-weight="bold" font-size="11.00">a&lt;b &amp; c&#45;d</text>
</a>
</g>
</g>
<g id="edge1" class="edge">
<title>n0&#45;&gt;n12</title>
<path fill="none" stroke="#37474f" d="M37.71,-351.65C44.14,-337.91 54.49,-318.7 67.41,-304.77"/>
<text text-anchor="middle" x="98.4" y="-290.37" font-size="8.00" fill="#37474f">%x.1</text>
</g>
</g>
</svg>
)svg";

TEST(ReducedSvg, KeepsShapesTextsAndWhatTheyStandFor) {
  EXPECT_EQ(
      reduced_svg(graphviz_svg),
      R"svg(<svg viewBox="0 0 90.1 99.5" width="90.1" height="99.5"><g class="g" transform="translate(4 95.8)">)svg"
      R"svg(<g class="c" data-c="0"><path class="ffafafa sbdbdbd" )svg"
      R"svg(d="M318.6,-6295.1C318.5,-6295.1 610.5,-6295.1 610.5,-6295.1"></path></g>)svg"
      R"svg(<g class="n" data-n="12"><polygon class="fb3d4f5 s0d47a1" points="160.4,-274.8 110,-2" )svg"
      R"svg(stroke-width="2.5" stroke-dasharray="5,2"></polygon>)svg"
      R"svg(<text class="t11 b" x="117.4" y="-264">a&lt;b &amp; c-d</text></g>)svg"
      R"svg(<g class="e" data-e="0 12"><path class="fn s37474f" )svg"
      R"svg(d="M37.7,-351.7C44.1,-337.9 54.5,-318.7 67.4,-304.8"></path>)svg"
      R"svg(<text class="f37474f t8 tm" x="98.4" y="-290.4">%x.1</text></g></g></svg>)svg");
}

TEST(ReducedSvg, StaysTheSameWhenItIsReducedAgain) {
  const std::string once = reduced_svg(graphviz_svg);
  EXPECT_EQ(reduced_svg(once), once);
}

TEST(ReducedSvg, DropsWhateverCouldRun) {
  const std::string svg = reduced_svg(
      R"svg(<svg viewBox="0 0 9 9" onload="run()"><script>run()</script><g class="n" data-n="1&quot; onclick=&quot;run()">)svg"
      R"svg(<foreignObject><iframe src="x"></iframe></foreignObject><image href="http://example.org/x.png"/>)svg"
      R"svg(<text x="1" y="2" class="b run&quot;" onclick="run()" style="x">&lt;script&gt;run()&lt;/script&gt;</text>)svg"
      R"svg(<path d="M0,0 url(#x)" fill="url(http://example.org)"/></g></svg>)svg");
  EXPECT_EQ(svg, R"svg(<svg viewBox="0 0 9 9" width="9" height="9"><g class="n" data-n="1 ">)svg"
                 R"svg(<text class="b" x="1" y="2">&lt;script&gt;run()&lt;/script&gt;</text>)svg"
                 R"svg(<path class="f808080" d="M0,0 "></path></g></svg>)svg");
}

TEST(ReducedSvg, DamagedTextEnds) {
  const std::string whole = graphviz_svg;
  for (size_t length = 0; length <= whole.size(); ++length) {
    const std::string cut = reduced_svg(whole.substr(0, length));
    EXPECT_EQ(reduced_svg(cut), cut) << length;
  }
  EXPECT_EQ(reduced_svg("no svg at all"), "");
  EXPECT_EQ(reduced_svg("<svg viewBox=\"1 2\">"), "");
}

const char* const gnuplot_svg = R"svg(<?xml version="1.0" encoding="utf-8"  standalone="no"?>
<svg
 width="980" height="200"
 viewBox="0 0 980 200"
 xmlns="http://www.w3.org/2000/svg"
>
<title>Gnuplot</title>
<g id="gnuplot_canvas">
<rect x="0" y="0" width="980" height="200" fill="#ffffff"/>
<defs>
	<rect id='gpPt3' stroke-width='0.267' stroke='currentColor' x='-1' y='-1' width='2' height='2'/>
	<use xlink:href='#gpPt3' id='gpPt11' stroke='currentColor' transform='rotate(45)'/>
	<filter id='textbox' x='0'><feFlood flood-color='#FFFFFF'/></filter>
</defs>
<g fill="none" color="black" stroke="currentColor" stroke-width="1.00">
</g>
<g fill="none" color="black" stroke="currentColor" stroke-width="1.00">
	<path stroke='rgb(213,  94,   0)'  d='M909.49,30.01 L944.99,30.01
		M9,1 '/>
	<polygon fill = 'rgb(  0, 158, 115)' fill-opacity = '0.500000' points = '9.49,4 9,4'/>
	<use xlink:href='#gpPt11' transform='translate(45.50,12) scale(3.75)' color='#D55E00'/>
	<g transform="translate(38.50,173.25)" stroke="none" fill="black" font-size="10.00"  text-anchor="end">
		<text>1 &lt;b></text>
	</g>
</g>
</g>
</svg>
)svg";

TEST(ReducedPlot, KeepsShapesSymbolsAndTexts) {
  const std::string plot = reduced_plot(gnuplot_svg);
  EXPECT_EQ(
      plot,
      R"svg(<svg class="gnuplot" viewBox="0 0 980 200" role="img" aria-label="Plots of the bench"><g><defs>)svg"
      R"svg(<rect x="-1" y="-1" width="2" height="2" id="gpPt3" stroke-width="0.3" class="sc"></rect>)svg"
      R"svg(<use id="gpPt11" href="#gpPt3" transform="rotate(45)" class="sc"></use></defs>)svg"
      R"svg(<g stroke-width="1" class="fn sc k000000"><path d="M909.5,30 L945,30 M9,1 " class="sd55e00"></path>)svg"
      R"svg(<polygon points="9.5,4 9,4" fill-opacity="0.5" class="f009e73"></polygon>)svg"
      R"svg(<use href="#gpPt11" transform="translate(45.5,12)scale(3.8)" class="kd55e00"></use>)svg"
      R"svg(<g transform="translate(38.5,173.3)" class="f000000 sn t10 te"><text>1 &lt;b&gt;</text></g></g></g></svg>)svg");
  EXPECT_EQ(reduced_plot(plot), plot);
  EXPECT_EQ(reduced_plot("no svg"), "");
}

TEST(ReducedPlot, DropsWhatIsHostile) {
  const std::string plot = reduced_plot(
      R"svg(<svg viewBox="0 0 9 9" onload="run()"><script>run()</script><g id="x" transform="url(#x)" class="c run">)svg"
      R"svg(<use href="http://example.org/x.svg#gpPt1"/><use href="#tsir-data"/><image href="x.png"/>)svg"
      R"svg(<path id="overview" d="M0,0" style="fill:url(x)" fill="url(http://example.org)" onclick="run()"/></g></svg>)svg");
  EXPECT_EQ(plot, R"svg(<svg class="gnuplot" viewBox="0 0 9 9" role="img" aria-label="Plots of the bench"><g>)svg"
                  R"svg(<use></use><use></use><path d="M0,0" class="f808080"></path></g></svg>)svg");
  const std::string whole = gnuplot_svg;
  for (size_t length = 0; length < whole.size(); length += 7) {
    const std::string cut = reduced_plot(whole.substr(0, length));
    EXPECT_EQ(reduced_plot(cut), cut) << length;
  }
}

TEST(SvgStyle, ColoursAreTurnedRoundForADarkPage) {
  std::set<std::string> classes;
  add_svg_classes(R"(<path class="fffffff s000000 t9"/><text class="fb3d4f5"/>)", classes);
  EXPECT_EQ(svg_style(classes, false), "svg .fb3d4f5{fill:#b3d4f5}\nsvg .fffffff{fill:#ffffff}\n"
                                       "svg .s000000{stroke:#000000}\nsvg .t9{font-size:9px}\n");
  EXPECT_EQ(svg_style(classes, true),
            "svg .fb3d4f5{fill:#1f4972}\nsvg .fffffff{fill:#262626}\nsvg .s000000{stroke:#f2f2f2}\n");
}

TEST(Html, IsEscapedAndDecoded) {
  EXPECT_EQ(html_escaped("<a href=\"x\" b='y'>&"), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
  EXPECT_EQ(html_escaped(std::string("a\x01\xff\n\0b", 6)), "a\\x01\\xff\n\\x00b");
  EXPECT_EQ(xml_decoded("&lt;&#45;&#x41;&amp;lt; &unknown; &#0; & &#1234567890123;"),
            "<-A&lt; &unknown; &#0; & &#1234567890123;");
  EXPECT_EQ(xml_decoded("&#8594;&#128512;"), "→😀");
}

const char* const hostile = "</script><script>run()</script><!--\"'&\x07";

ReportData example(const std::string& name) {
  ReportData data;
  data.tool = "tsir 1";
  data.file = name;
  data.method = name;
  data.passes = name;
  data.date = "today";
  data.commands = {{name, name}};
  data.facts = {{name, name}};
  data.warnings = {name};
  data.bench = {{name}, {{name}}};
  data.bench_text = name;
  data.plots = reduced_plot(gnuplot_svg);
  data.profile = {{name, name}};
  ReportPass pass;
  pass.name = pass.use = pass.passes = pass.note = pass.analysis = pass.verdict_detail = pass.reproduce = name;
  pass.changed = true;
  pass.seconds = 0.25;
  pass.nodes_before = 3;
  pass.nodes_after = 2;
  pass.operators = {{name, -1}};
  pass.verdict = "identical";
  pass.speed = pass.speed_from_start = {"FASTER", "FASTER 2x", 0.5, 0.4, 0.6};
  pass.diff = "-" + name + "\n+" + name + "\n";
  pass.nodes = "  - " + name + "\n";
  pass.before = 0;
  pass.after = 1;
  pass.partners = {{0, 0, true}, {1, 2, false}};
  data.passes_run = {pass, pass};
  data.passes_run[1].failure = name;
  data.passes_run[1].profile = {{name, name}};
  ReportPicture picture;
  picture.level = picture.note = name;
  picture.svg = reduced_svg(graphviz_svg);
  picture.boxes = {{name, name, name, name, name, {name}, {name}, {{name, name}}, 0, {1.5, 2, -1}}};
  picture.frames = {{name, name, -1, {{name, name}}, {0, -1, 3}}};
  data.pictures = {picture, picture};
  return data;
}

size_t count(std::string_view text, std::string_view part) {
  size_t number = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    ++number;
  }
  return number;
}

TEST(ReportPage, HostileNamesDoNotBecomeElements) {
  const std::string page = report_page(example(hostile));
  EXPECT_EQ(count(page, "<script"), 2U) << "the data and the page's own";
  EXPECT_EQ(count(page, "</script>"), 2U);
  EXPECT_EQ(count(page, "<!--"), 0U);
  EXPECT_EQ(count(page, "\x07"), 0U);
  const std::string good = report_page(example("relu"));
  for (const char* tag : {"<", ">", "<section", "<svg", "<td", "<li", "<pre"}) {
    const size_t own = count(good, tag); // the names are the only difference
    EXPECT_EQ(count(page, tag), own) << tag;
  }
}

TEST(ReportPage, IsMadeAgainFromItself) {
  for (const std::string name : {"relu", hostile}) {
    const std::string page = report_page(example(name));
    EXPECT_EQ(report_page(data_of_page(page)), page);
  }
}

TEST(ReportPage, ShowsWhatIsKnownAndFoldsIdlePasses) {
  ReportData data = example("relu");
  EXPECT_EQ(count(report_page(data), "<svg class=\"gnuplot\""), 1U);
  data.plots.clear(); // without gnuplot, the page has a plot of its own
  ReportPass idle;
  idle.name = idle.use = "idle";
  data.passes_run.insert(data.passes_run.begin(), 2, idle);
  const std::string page = report_page(data);
  EXPECT_EQ(count(page, "<summary>2 passes changed nothing</summary>"), 1U);
  EXPECT_EQ(count(page, "<section class=\"page pass\""), 4U);
  EXPECT_EQ(count(page, "<ins>+relu</ins>"), 2U);
  EXPECT_EQ(count(page, "<del>  - relu</del>"), 2U) << "of the difference by structure";
  EXPECT_EQ(count(page, "<span class=\"chip v FASTER\">FASTER 2x</span>"), 6U);
  EXPECT_EQ(count(page, "aria-label=\"Run time of each state"), 1U);
  data.bench = {};
  EXPECT_EQ(count(report_page(data), "aria-label=\"Run time of each state"), 0U);
}

TEST(ReportPage, RequestsNothing) {
  const std::string page = report_page(example("relu"));
  EXPECT_EQ(count(page, "default-src 'none'"), 1U);
  EXPECT_EQ(count(page, "http"), count(page, "http-equiv") + count(page, "http://www.w3.org/2000/svg"));
  EXPECT_EQ(count(page, "src="), 0U);
}

std::string failure_of(const std::string& page) {
  try {
    data_of_page(page);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ReportPage, ATextThatIsNoPageIsRefused) {
  EXPECT_EQ(failure_of("<html></html>"), "this is not a page that tsir report wrote: it has no data");
  const std::string begin = "<script type=\"application/json\" id=\"tsir-data\">";
  EXPECT_TRUE(failure_of(begin + "{</script>").starts_with("the data of this page cannot be read: "));
  EXPECT_EQ(failure_of(begin + "{\"schema\": \"other/1\"}</script>"),
            "the data of this page cannot be read: the schema is not tsir.report/1");
  EXPECT_TRUE(failure_of(begin + "{\"schema\": \"tsir.report/1\", \"file\": 1}</script>")
                  .starts_with("the data of this page cannot be read: "));
  EXPECT_EQ(failure_of(begin + "{\"schema\": \"tsir.report/1\", \"new_field\": 1}</script>"), "");
}

} // namespace
} // namespace tsir
