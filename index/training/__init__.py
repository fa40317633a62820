"""How the built-in encoder was made: one command per stage, each reading what the stage before wrote.

::

    python -m index.training.vocabulary  --data ../shared/train --out out/training   # vocabulary.tsv, tokenizer.json
    python -m index.training.vectors     --data ../shared/train --out out/training   # vectors.npy (PPMI and SVD)
    python -m index.training.contrastive --data ../shared/train --out out/training   # table.npy
    python -m index.training.export      --out out/training --model index/static_model

Needs the ``train`` extra (zstandard, scikit-learn with SciPy). Nothing here is imported by the application. Seeds are
fixed; the same data give the same model up to the rounding of the BLAS in use.
"""
