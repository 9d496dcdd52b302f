# Run with `lit docs/lit_example`. tsir must be on the PATH.
import os
import subprocess

lit_config.load_config(config, subprocess.check_output(["tsir", "--lit-config"], text=True).strip())
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(os.environ.get("TMPDIR", "/tmp"), "tsir-lit-example")
