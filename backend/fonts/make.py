"""Makes the files of this folder: python3 make.py NOTO_FOLDER NOTO_EMOJI DROID_FALLBACK NANUM_GOTHIC UNIFONT_FOLDER

Needs fonttools and brotli. Every glyph and every feature is kept unless it says otherwise below.
"""

import io
import pathlib
import sys

import brotli
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

SCRIPTS = [
    "Arabic", "Armenian", "Bengali", "CanadianAboriginal", "Cherokee", "Devanagari", "Ethiopic", "Georgian", "Gujarati",
    "Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Symbols", "Tamil",
    "Telugu", "Thaana", "Thai",
]
# What headings are in: Latin, Greek, Cyrillic and their marks.
BOLD = (
    "0000-02FF,0300-03FF,0400-052F,1C80-1C8F,1D00-1DBF,1E00-1FFF,2000-206F,2070-209F,20A0-20CF,2100-218F,2190-2193,2212,"
    "2C60-2C7F,2DE0-2DFF,A640-A69F,A720-A7FF,FB00-FB06,FFFD"
)
# Korean letters and syllables; for Chinese characters there is another font.
HANGUL = "0020,1100-11FF,3000-303F,3130-318F,A960-A97F,AC00-D7FF"
# No characters, or nobody knows which.
NONE = range(0xD800, 0xF900)


def subsetter():
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["*"]
    options.name_IDs = ["*"]
    options.legacy_kern = True
    options.notdef_outline = True
    options.recommended_glyphs = True
    options.drop_tables += ["DSIG", "vhea", "vmtx", "STAT", "gasp"]
    return subset.Subsetter(options)


def write(name, font):
    raw = io.BytesIO()
    font.save(raw)
    packed = brotli.compress(raw.getvalue(), quality=11, lgwin=24)
    pathlib.Path(__file__).with_name(f"{name}.ttf.br").write_bytes(packed)
    print(f"{name}: {len(raw.getvalue())} bytes, {len(packed)} packed")


def whole(name, path):
    font = TTFont(path)
    characters = set(font.getBestCmap())
    less = subsetter()
    less.populate(unicodes=characters, glyphs=font.getGlyphOrder())
    less.subset(font)
    write(name, font)
    return characters


def part(name, path, characters, own_name=None):
    font = TTFont(path)
    less = subsetter()
    less.populate(unicodes=subset.parse_unicodes(characters))
    less.subset(font)
    # Some licences keep the font's name for the font as it is published.
    for record in font["name"].names if own_name else []:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = own_name.replace(" ", "") if record.nameID == 6 else own_name
    write(name, font)
    return set(font.getBestCmap())


def to_truetype(font):
    """Unifont's outlines are straight lines: nothing is lost."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder, table.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        table.glyphs[name] = pen.glyph()
        table.glyphs[name].recalcBounds(table)
    font["maxp"].tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements maxSizeOfInstructions "
        "maxComponentElements maxPoints maxContours maxCompositePoints maxCompositeContours maxComponentDepth"
    ).split():
        setattr(font["maxp"], field, 0)
    font["maxp"].maxZones = 1
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 3.0, [], {}
    del font["CFF "]
    font.sfntVersion = "\0\1\0\0"


def rest(name, path, known):
    font = TTFont(path)
    less = subsetter()
    less.populate(unicodes=(set(font.getBestCmap()) - known - set(NONE)) | {0x20})
    less.subset(font)
    to_truetype(font)
    write(name, font)


def main():
    noto, emoji, droid, nanum, unifont = map(pathlib.Path, sys.argv[1:])
    known = whole("sans", noto / "NotoSans-Regular.ttf")
    for script in SCRIPTS:
        known |= whole(script.lower(), noto / f"NotoSans{script}-Regular.ttf")
    known |= whole("emoji", emoji)
    known |= whole("cjk", droid)
    part("sans-bold", noto / "NotoSans-Bold.ttf", BOLD)
    known |= part("hangul", nanum, HANGUL, "Turno Hangul")
    rest("unifont", unifont / "unifont.otf", known)
    rest("unifont-upper", unifont / "unifont_upper.otf", known)


main()
