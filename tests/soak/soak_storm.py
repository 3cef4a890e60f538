"""The storm of test_storm.py for its share of the time, with sanitizers; what happens differs from day to day."""

import os
import runpy
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, "..", "..", "build", "asan-ubsan")

os.environ.update({
    "SENDAD": os.path.join(BUILD, "sendad"),
    "SENDACTL": os.path.join(BUILD, "sendactl"),
    "SENDA_SANITIZED": "1",
    "SENDA_FAULTS_LIBRARY": os.path.join(BUILD, "tests", "libsenda_faults.so"),
    "SENDA_STORM_MINUTES": str(float(os.environ.get("SENDA_SOAK_SECONDS") or 600) / 60),
})
os.environ.setdefault("SENDA_STORM_SEED", time.strftime("%Y%m%d"))
runpy.run_path(os.path.join(HERE, "test_storm.py"), run_name="__main__")
