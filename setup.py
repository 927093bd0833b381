"""Puts the app beside the library into the wheel; all else stands in pyproject.toml.

The pages, the data and Streamlit's settings lie at the root of a checkout, where `streamlit run`
looks for them. A wheel carries them as explorer/app (see explorer/app_files.py).
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
APP = ("streamlit_app.py", "pages", "data", ".streamlit/config.toml")


class WithApp(build_py):
    def run(self):
        super().run()
        if self.editable_mode:
            return
        for name in APP:
            source, target = ROOT / name, Path(self.build_lib) / "explorer" / "app" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                left_out = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, target, ignore=left_out, dirs_exist_ok=True)
            else:
                shutil.copy(source, target)


setup(cmdclass={"build_py": WithApp})
