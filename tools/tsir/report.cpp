// tsir report: one page that shows what each pass did.
#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/report/job.h"
#include "lib/report/page/page.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/progress.h"
#include "tools/tsir/version.h"
#include "tools/tsir/workload_options.h"

namespace tsir::tool {
namespace {

struct ReportPageOptions {
  ProofOptions proof;
  std::string passes;
  std::string output;
  std::string from;
  bool each = false;
  bool no_draw = false;
  bool no_verify = false;
  bool no_bench = false;
  double max_seconds = 20;
  size_t most_boxes = most_readable;
};

ReportJob job_of(const ReportPageOptions& options, const Session& session) {
  ReportJob job;
  job.workload = options.proof.workload(session);
  job.registry = &session.registry;
  job.passes = Pipeline::parse(options.passes, session.registry);
  if (job.passes.empty() && !options.each) {
    throw Error(ErrorKind::usage, "give --passes, or --each for every pass on its own");
  }
  if (job.passes.empty()) {
    job.passes = every_pass(session.registry);
  }
  job.each = options.each;
  job.draw = !options.no_draw;
  job.verify = !options.no_verify;
  job.bench = !options.no_bench;
  job.pass_limit = options.proof.pass_limit();
  job.bench_seconds = options.max_seconds;
  job.most_boxes = options.most_boxes;
  job.command = session.given.line();
  job.tool = version_line();
  return job;
}

ReportData data_from(const std::string& file) {
  const auto bytes = Bytes::open(file);
  try {
    return data_of_page(bytes->text());
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", file, error.what()));
  }
}

ReportData made_data(const ReportPageOptions& options, const Session& session) {
  const ReportJob job = job_of(options, session);
  ProgressLine progress;
  return make_report(job, {.progress = [&](const std::string& text) { progress.draw(text); }});
}

int run_report(const ReportPageOptions& options, const Session& session) {
  const bool has_file = !options.proof.model.file.empty();
  if (has_file == !options.from.empty()) {
    throw Error(ErrorKind::usage, "give either FILE, or --from with a page that tsir report wrote");
  }
  const bool to_file = !options.output.empty() && options.output != "-";
  if (to_file) {
    check_writable(options.output);
    if (same_file(options.output, options.proof.model.file)) {
      throw Error(ErrorKind::usage, fmt::format("-o {} would overwrite the model", options.output));
    }
  }
  const std::string page = report_page(has_file ? made_data(options, session) : data_from(options.from));
  if (to_file) {
    write_file(options.output, page);
  } else {
    write_results(session, page);
  }
  return 0;
}

void add_parts(CLI::App& sub, ReportPageOptions& options) {
  sub.add_flag("--no-draw", options.no_draw, "Leave out the drawings");
  sub.add_flag("--no-verify", options.no_verify, "Do not check whether results stay the same");
  auto* no_bench = sub.add_flag("--no-bench", options.no_bench, "Do not measure run times");
  sub.add_option("--max-time", options.max_seconds,
                 "Maximum time for measuring run times; the shortest possible measurement is always completed")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str()
      ->excludes(no_bench);
  sub.add_option("--max-boxes", options.most_boxes,
                 "Draw the finest level of detail with at most so many boxes, as `tsir dot` does")
      ->type_name("N")
      ->check(CLI::Range(size_t{10}, size_t{100'000}))
      ->capture_default_str();
}

} // namespace

void add_report(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "report", "Write one HTML page that shows what each pass did",
      "The page holds all passes with what they changed, as drawings side by side and as text. With --input, also "
      "whether results stayed the same (as verify), and the effect on the run time (as bench). It is one file that "
      "needs "
      "no network, and can be read without script.\n"
      "Without --input, the model is not run, unless a pass needs that.");
  auto options = std::make_shared<ReportPageOptions>();
  options->proof.model.add_to(*sub, "A .pt or .ff module, or .ir graph; - for standard input");
  sub->get_option("FILE")->required(false); // --from stands for it
  sub->add_option("-p,--passes", options->passes, "Passes to run, in order; with --each, each of them on its own")
      ->type_name("PASSES");
  sub->add_flag("--each", options->each,
                "Run each pass on its own, from the start: the passes of --passes, or all but those "
                "that lower the precision of results");
  sub->add_option("-o", options->output, "Write the page to FILE.html, instead of standard output")->type_name("FILE");
  sub->add_option("--from", options->from,
                  "Make the page again from the data inside a page that an earlier tsir wrote, instead of from FILE")
      ->type_name("FILE.html");
  add_parts(*sub, *options);
  options->proof.add_to(*sub);
  options->proof.input.add_to(*sub);
  options->proof.execution.add_to(*sub);
  set_command(*sub, command, options, run_report);
}

} // namespace tsir::tool
