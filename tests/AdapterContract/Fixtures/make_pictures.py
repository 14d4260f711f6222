"""Writes pictures.json: small picture files of many kinds, and their pixels as Pillow reads them.

Made with Pillow 9.4: python3 make_pictures.py
Pixels are upright, with transparency blended with white. Grey pictures of 16 bits are scaled here, because Pillow limits
them to 255.
"""
import base64
import io
import json
import random
import struct
import zlib

from PIL import Image, ImageCms, ImageOps

WIDTH, HEIGHT = 21, 13
rng = random.Random(14)


def smooth(x, y):
    """Colours that change little from pixel to pixel, so that JPEG keeps them."""
    return 40 + 9 * x, 60 + 12 * y, 200 - 5 * x - 4 * y


picture = Image.new("RGB", (WIDTH, HEIGHT))
picture.putdata([smooth(x, y) for y in range(HEIGHT) for x in range(WIDTH)])
mirrored = ImageOps.mirror(picture)
translucent = picture.copy()
translucent.putalpha(Image.frombytes("L", picture.size, bytes(rng.randrange(256) for _ in range(WIDTH * HEIGHT))))
pixels = picture.tobytes()
files = {}
expected = {}


def save(name, image=picture, **options):
    file = io.BytesIO()
    image.save(file, **options)
    files[name] = file.getvalue()


# JPEG
for subsampling, label in ((0, "4:4:4"), (1, "4:2:2"), (2, "4:2:0"), ("4:1:1", "4:1:1")):
    save(f"jpeg {label}", format="JPEG", quality=90, subsampling=subsampling)
save("jpeg progressive", format="JPEG", quality=90, progressive=True)
save("jpeg grey", picture.convert("L"), format="JPEG")
save("jpeg cmyk", picture.convert("CMYK"), format="JPEG")


def exif(orientation, order=">", kind=3):
    """EXIF data with the orientation alone; kind 3 is SHORT, 4 is LONG."""
    value = struct.pack(order + "HH", orientation, 0) if kind == 3 else struct.pack(order + "I", orientation)
    entry = struct.pack(order + "HHI", 0x0112, kind, 1) + value
    start = b"MM" if order == ">" else b"II"
    return start + struct.pack(order + "HIH", 42, 8, 1) + entry + struct.pack(order + "I", 0)


for orientation in range(1, 9):
    order = "<>"[orientation % 2]
    save(f"jpeg orientation {orientation}", format="JPEG", exif=b"Exif\0\0" + exif(orientation, order))
save("jpeg orientation 6 long", format="JPEG", exif=b"Exif\0\0" + exif(6, kind=4))
save("jpeg orientation 8 long little", format="JPEG", exif=b"Exif\0\0" + exif(8, "<", 4))

# PNG
for mode in ("RGB", "L", "1"):
    save(f"png {mode}", picture.convert(mode), format="PNG")
save("png palette", picture.quantize(64), format="PNG")
save("png palette of 4 bits", picture.quantize(13), format="PNG")
save("png palette with alpha", picture.quantize(16), format="PNG", transparency=bytes([0, 128] + [255] * 14))
save("png rgba", translucent, format="PNG")
save("png grey with alpha", translucent.convert("LA"), format="PNG")
save("png with a transparent colour", format="PNG", transparency=smooth(5, 5))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(bits, color, data, before=b"", after=b"", interlaced=0):
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, color, 0, 0, interlaced)
    body = chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(data)) + after
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def rows(data):
    length = len(data) // HEIGHT
    return b"".join(b"\0" + data[y * length:(y + 1) * length] for y in range(HEIGHT))


def noise(count):
    return bytes(rng.randrange(256) for _ in range(count))


plain = rows(pixels)
files["png gamma 1"] = png(8, 2, plain, chunk(b"gAMA", struct.pack(">I", 100000)))
files["png gamma 1/2.2"] = png(8, 2, plain, chunk(b"gAMA", struct.pack(">I", 45455)))
primaries = struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
files["png primaries"] = png(8, 2, plain, chunk(b"gAMA", struct.pack(">I", 55000)) + chunk(b"cHRM", primaries))
files["png sRGB"] = png(8, 2, plain, chunk(b"sRGB", b"\0"))
files["png orientation 6"] = png(8, 2, plain, chunk(b"eXIf", exif(6)))
files["png orientation 8 after the pixels"] = png(8, 2, plain, after=chunk(b"eXIf", exif(8, "<")))
files["png 16 bits"] = png(16, 2, rows(noise(6 * WIDTH * HEIGHT)))
files["png 16 bits with alpha"] = png(16, 6, rows(noise(8 * WIDTH * HEIGHT)))
files["png grey of 4 bits"] = png(4, 0, rows(noise((WIDTH + 1) // 2 * HEIGHT)))
files["png grey of 2 bits"] = png(2, 0, rows(noise((WIDTH + 3) // 4 * HEIGHT)))
deep = noise(2 * WIDTH * HEIGHT)
files["png grey of 16 bits"] = png(16, 0, rows(deep))
expected["png grey of 16 bits"] = b"".join(bytes([v] * 3) for v in deep[::2])


def interlaced_rows():
    data = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        for y in range(y0, HEIGHT, dy):
            row = b"".join(bytes(smooth(x, y)) for x in range(x0, WIDTH, dx))
            data += b"\0" + row if row else b""
    return data


files["png interlaced"] = png(8, 2, interlaced_rows(), interlaced=1)
save("png animation", format="PNG", save_all=True, append_images=[mirrored], duration=100)

# A colour profile with red and green exchanged.
profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
tags = {}
for i in range(struct.unpack(">I", profile[128:132])[0]):
    at = 132 + 12 * i
    tags[bytes(profile[at:at + 4])] = struct.unpack(">I", profile[at + 4:at + 8])[0]
red, green = tags[b"rXYZ"] + 8, tags[b"gXYZ"] + 8
profile[red:red + 12], profile[green:green + 12] = profile[green:green + 12], profile[red:red + 12]
profile = bytes(profile)
save("png profile", format="PNG", icc_profile=profile)
save("jpeg profile", format="JPEG", icc_profile=profile, quality=90)
save("webp profile", format="WEBP", icc_profile=profile, lossless=True)
save("tiff profile", format="TIFF", icc_profile=profile)

# WebP
save("webp", format="WEBP", quality=80)
save("webp lossless", format="WEBP", lossless=True)
save("webp with alpha", translucent, format="WEBP", quality=80)
save("webp lossless with alpha", translucent, format="WEBP", lossless=True)
save("webp orientation 6", format="WEBP", lossless=True, exif=exif(6))
save("webp orientation 8 with prefix", format="WEBP", lossless=True, exif=b"Exif\0\0" + exif(8))
save("webp animation", format="WEBP", lossless=True, save_all=True, append_images=[mirrored], duration=100)
save("webp animation with alpha", translucent, format="WEBP", quality=70, save_all=True,
     append_images=[mirrored.convert("RGBA")], duration=100)


def uint24(value):
    return struct.pack("<I", value)[:3]


def webp_chunk(kind, data):
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


frame = io.BytesIO()
picture.save(frame, format="WEBP", lossless=True)
place = uint24(2) + uint24(3) + uint24(WIDTH - 1) + uint24(HEIGHT - 1) + uint24(100) + b"\0"
frame = webp_chunk(b"ANMF", place + frame.getvalue()[12:])
body = webp_chunk(b"VP8X", b"\x12\0\0\0" + uint24(29) + uint24(24)) + webp_chunk(b"ANIM", b"\0" * 6) + frame + frame
files["webp animation with a small frame"] = b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body

# GIF
save("gif", format="GIF")
save("gif interlaced", picture.quantize(64), format="GIF", interlace=1)
save("gif with a transparent colour", picture.quantize(30), format="GIF", transparency=3)
save("gif animation", picture.quantize(100), format="GIF", save_all=True, append_images=[mirrored.quantize(100)],
     duration=50, loop=0)
screen = bytearray(files["gif"])
screen[6:10] = struct.pack("<HH", 30, 25)
image = screen.index(b"\x2c\0\0\0\0")
screen[image + 1:image + 5] = struct.pack("<HH", 4, 6)
files["gif with a small frame"] = bytes(screen)
on_white = Image.new("RGB", (30, 25), "white")
on_white.paste(Image.open(io.BytesIO(files["gif"])).convert("RGB"), (4, 6))
expected["gif with a small frame"] = on_white.tobytes()

# BMP
for mode in ("RGB", "L", "1"):
    save(f"bmp {mode}", picture.convert(mode), format="BMP")
save("bmp palette", picture.quantize(200), format="BMP")


def bmp(header, bits, compression, data, masks=b"", palette=b"", height=HEIGHT, colors=0):
    if header == 12:
        info = struct.pack("<IHHHH", 12, WIDTH, height, 1, bits)
    else:
        sizes = (header, WIDTH, height, 1, bits, compression, len(data), 0, 0, colors, 0)
        info = struct.pack("<IiiHHIIiiII", *sizes) + masks
        info += b"\0" * (header - len(info))
    offset = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + info + palette + data


def bmp_rows(write, upwards=True):
    data = b""
    for y in reversed(range(HEIGHT)) if upwards else range(HEIGHT):
        row = b"".join(write(*smooth(x, y)) for x in range(WIDTH))
        data += row + b"\0" * (-len(row) % 4)
    return data


four_bytes = bmp_rows(lambda r, g, b: bytes([b, g, r, g]))
masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
files["bmp 32 bits"] = bmp(40, 32, 0, four_bytes)
files["bmp 32 bits, version 4, alpha"] = bmp(108, 32, 3, four_bytes, masks)
files["bmp 32 bits, version 5, alpha"] = bmp(124, 32, 3, four_bytes, masks)
files["bmp 32 bits, version 5"] = bmp(124, 32, 0, four_bytes)
files["bmp 24 bits downwards"] = bmp(40, 24, 0, bmp_rows(lambda r, g, b: bytes([b, g, r]), False), height=-HEIGHT)
files["bmp 24 bits of OS/2"] = bmp(12, 24, 0, bmp_rows(lambda r, g, b: bytes([b, g, r])))
files["bmp 16 bits"] = bmp(40, 16, 0, bmp_rows(lambda r, g, b: struct.pack("<H", r >> 3 << 10 | g >> 3 << 5 | b >> 3)))
few = picture.quantize(16)
colors = bytes(few.getpalette())[:48]
runs = b"".join(b"".join(bytes([1, few.getpixel((x, y))]) for x in range(WIDTH)) + b"\0\0" for y in reversed(range(HEIGHT)))
table = b"".join(colors[i + 2:i + 3] + colors[i + 1:i + 2] + colors[i:i + 1] + b"\0" for i in range(0, 48, 3))
files["bmp run lengths"] = bmp(40, 8, 1, runs + b"\0\1", palette=table, colors=16)

# TIFF
for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
    save(f"tiff {compression}", format="TIFF", compression=None if compression == "raw" else compression)
save("tiff L", picture.convert("L"), format="TIFF")
save("tiff rgba", translucent, format="TIFF")
save("tiff palette", picture.quantize(50), format="TIFF")
save("tiff orientation 6", format="TIFF", tiffinfo={274: 6})
pages = io.BytesIO()
picture.save(pages, format="TIFF", save_all=True, append_images=[mirrored])
files["tiff of two pages"] = pages.getvalue()

# PNM
save("pnm P6", format="PPM")
save("pnm P5", picture.convert("L"), format="PPM")
save("pnm P4", picture.convert("1"), format="PPM")
files["pnm P3"] = f"P3\n# text\n{WIDTH} {HEIGHT}\n255\n{' '.join(map(str, pixels))}".encode()
bits = picture.convert("1").tobytes()
digits = "".join(f"{byte:08b}"[:min(8, WIDTH - 8 * i)] + "\n" * (i == 2) for y in range(HEIGHT)
                 for i, byte in enumerate(bits[3 * y:3 * y + 3]))
files["pnm P1"] = f"P1 {WIDTH} {HEIGHT}\n{digits.translate(str.maketrans('01', '10'))}".encode()
files["pnm P6 up to 100"] = f"P6 {WIDTH} {HEIGHT} 100\n".encode() + bytes(v * 100 // 255 for v in pixels)
files["pnm P6 of 16 bits"] = f"P6 {WIDTH} {HEIGHT} 65535\n".encode() + b"".join(struct.pack(">H", v * 257) for v in pixels)
files["pnm P5 of 16 bits"] = f"P5 {WIDTH} {HEIGHT} 65535\n".encode() + deep
expected["pnm P5 of 16 bits"] = b"".join(bytes([round(v / 257)] * 3) for (v,) in struct.iter_unpack(">H", deep))


def read(file):
    image = Image.open(io.BytesIO(file))
    image.load()
    # Pillow turns TIFF files while it loads them.
    if image.format != "TIFF":
        image = ImageOps.exif_transpose(image)
    if "A" in image.mode or "transparency" in image.info:
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        white.alpha_composite(image.convert("RGBA"))
        image = white
    return image.size, image.convert("RGB").tobytes()


def text(data):
    return base64.b64encode(data).decode()


cases = []
for name, file in files.items():
    size, rgb = read(file)
    rgb = expected.get(name, rgb)
    cases.append({"name": name, "width": size[0], "height": size[1], "file": text(file), "pixels": text(rgb)})
with open("pictures.json", "w", encoding="ascii") as output:
    output.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
