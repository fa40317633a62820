"""The compiled kernels of vector search; everything else of the package is in pyproject.toml.

They are optional: where there is no C compiler, or a processor other than x86-64, faiss does the same work.
"""

from pathlib import Path

from setuptools import Extension, setup

SOURCES = Path("index/native/src")

setup(
    ext_modules=[
        Extension(
            "index.native._kernels",
            sorted(path.as_posix() for path in SOURCES.glob("*.c")),
            depends=sorted(path.as_posix() for pattern in ("*.h", "*.inc") for path in SOURCES.glob(pattern)),
            extra_compile_args=["-O3", "-fopenmp-simd", "-fno-math-errno"],
            optional=True,
            py_limited_api=True,
        )
    ]
)
