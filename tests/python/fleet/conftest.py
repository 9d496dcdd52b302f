"""The fixtures of fleet_support, which tests may import from."""

from fleet_support import (  # noqa: F401
    files,
    fleet,
    make_cell,
    model,
    own_folder,
    real_arguments,
    serial_results,
    stand_in,
)
