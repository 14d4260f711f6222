"""Writes pillow.json: Pillow's results for small noise pictures. Needs Pillow and numpy."""
import base64
import json
import os

import numpy as np
from PIL import Image, ImageOps

random = np.random.default_rng(7)
FILTERS = {"Bilinear": Image.BILINEAR, "Bicubic": Image.BICUBIC}


def noise(width, height):
    pixels = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    pixels[random.random((height, width)) < 0.3] = 0
    pixels[random.random((height, width)) < 0.3] = 255  # so that the cubic filter overshoots
    return Image.fromarray(pixels)


def text(image):
    return base64.b64encode(image.tobytes()).decode()


def case(source, result, **facts):
    return {"width": source.width, "height": source.height, "source": text(source),
            "toWidth": result.width, "toHeight": result.height, **facts, "expected": text(result)}


resize = []
for name, filter in FILTERS.items():
    for (w, h), to in [((7, 5), (13, 9)), ((13, 9), (5, 4)), ((1, 1), (4, 3)), ((1, 9), (5, 1)), ((40, 1), (3, 2)), ((3, 2), (1, 1)),
                       ((150, 3), (2, 9)), ((16, 16), (16, 7)), ((16, 16), (5, 16)), ((2, 2), (60, 3)), ((33, 21), (11, 7)), ((12, 12), (12, 12))]:
        source = noise(w, h)
        resize.append(case(source, source.resize(to, filter), filter=name))


def torchvision(image, edge, width, height):
    """Resize(edge), CenterCrop((height, width)) of torchvision.transforms, for pictures at least as large as the crop."""
    w, h = image.size
    size = (edge, int(edge * h / w)) if w <= h else (int(edge * w / h), edge)
    left, top = int(round((size[0] - width) / 2.0)), int(round((size[1] - height) / 2.0))
    return image.resize(size, Image.BILINEAR).crop((left, top, left + width, top + height)), size, (left, top)


crop = []
for (w, h), edge, to in [((23, 17), 12, (8, 8)), ((17, 24), 12, (9, 8)), ((19, 19), 8, (8, 8)), ((9, 6), 11, (8, 6)), ((31, 10), 7, (6, 4)), ((10, 31), 8, (5, 7))]:
    source = noise(w, h)
    result, size, offset = torchvision(source, edge, *to)
    crop.append(case(source, result, edge=edge, resized=size, offset=offset))

pad = []
for (w, h), to in [((23, 17), (12, 12)), ((17, 24), (12, 12)), ((9, 3), (20, 11)), ((40, 3), (8, 8)), ((6, 6), (6, 9))]:
    source = noise(w, h)
    pad.append(case(source, ImageOps.pad(source, to, Image.BILINEAR, color=(10, 200, 90))))

grey = noise(16, 12)

# Drawn last, so that the earlier cases stay as they are.
others = []
for name, filter in {"Nearest": Image.NEAREST, "Box": Image.BOX, "Hamming": Image.HAMMING, "Lanczos": Image.LANCZOS}.items():
    for (w, h), to in [((7, 5), (13, 9)), ((13, 9), (5, 4)), ((1, 9), (5, 1)), ((50, 3), (2, 9)), ((16, 16), (16, 7)), ((2, 2), (30, 3)), ((33, 21), (11, 7)),
                       ((31, 17), (29, 10)), ((12, 12), (12, 12))]:
        source = noise(w, h)
        others.append(case(source, source.resize(to, filter), filter=name))

with open(os.path.join(os.path.dirname(__file__), "pillow.json"), "w") as file:
    json.dump({"resize": resize + others, "crop": crop, "pad": pad, "grey": [case(grey, grey.convert("L"))]}, file, separators=(",", ":"))
    file.write("\n")
