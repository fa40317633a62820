"""The compiled kernels of vector search and of text to vector; everything else of the package is in pyproject.toml.

They are optional: where there is no C compiler, or another processor than theirs, faiss and numpy do the same work.
"""

from pathlib import Path

from setuptools import Extension, setup

SOURCES = Path("index/native/src")
HEADERS = sorted(path.as_posix() for pattern in ("*.h", "*.inc") for path in SOURCES.glob(pattern))
TEXTS = (SOURCES / "texts.c").as_posix()


def extension(name: str, sources: list[str], *arguments: str) -> Extension:
    """A module that is left out where it cannot be compiled."""
    return Extension(
        f"index.native.{name}",
        sources,
        depends=HEADERS,
        extra_compile_args=["-O3", *arguments],
        optional=True,
        py_limited_api=True,
    )


setup(
    ext_modules=[
        extension(
            "_kernels",
            sorted(path.as_posix() for path in SOURCES.glob("*.c") if path.as_posix() != TEXTS),
            "-fopenmp-simd",
            "-fno-math-errno",
        ),
        extension("_texts", [TEXTS], "-ffp-contract=off"),  # no fused sums: the bits are those of numpy
    ]
)
