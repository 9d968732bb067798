"""Small true pictures."""

import io

from PIL import Image


def picture(form: str = "PNG", size: tuple[int, int] = (16, 12)) -> bytes:
    """One of a form that Pillow knows."""
    kept = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(kept, form)
    return kept.getvalue()


PNG, JPEG = picture("PNG"), picture("JPEG")
