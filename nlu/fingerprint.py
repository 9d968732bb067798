"""The trained model's name: the fingerprint of all that goes into it."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / ".hotline" / "models"
CONFIG = ROOT / "bot" / "dialogue" / "config.yml"
DOMAIN = ROOT / "bot" / "dialogue" / "domain"
RULES = ROOT / "bot" / "dialogue" / "rules"
FIRST_EXAMPLE = ROOT / "bot" / "dialogue" / "nlu.yml"
EXAMPLES = ROOT / "nlu" / "data"
SOURCES = (
    RULES,
    FIRST_EXAMPLE,
    EXAMPLES,
    DOMAIN,
    CONFIG,
    ROOT / "nlu" / "components",
    ROOT / "nlu" / "lexicon",
    ROOT / "nlu" / "understanding",
    ROOT / "nlu" / "requirements.lock",
    ROOT / "knowledge_base" / "districts.yml",
    ROOT / "knowledge_base" / "places.yml",
)


def fingerprint() -> str:
    """Of every file that a model depends on."""
    digest = hashlib.sha256()
    for source in SOURCES:
        files = sorted(source.rglob("*")) if source.is_dir() else [source]
        for path in files:
            if path.is_file() and path.suffix in (".yml", ".py", ".lock"):
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def model_path() -> Path:
    """Where the model of the present files is, or would be."""
    return MODELS / f"{fingerprint()}.tar.gz"
