#!/usr/bin/env python3
"""Writes src/motion/testdata/opencv.json: what OpenCV makes of generated pictures, as checksums.

Run by hand where Python has OpenCV and numpy, after a change here or in scene.ts, then format the result with
prettier. The tests need none of them.
"""

import json
import pathlib

import cv2
import numpy as np
from opencv_difference import OpenCvDifference, checksum, contours_of, contours_text, spread

MANY = 2_000
TARGET = pathlib.Path(__file__).parents[2] / "src/motion/testdata/opencv.json"


def noise(seed, index, length):
    """noiseAt of scene.ts for all pixels; uint32 wraps as Math.imul does."""
    i = np.arange(length, dtype=np.uint32)
    start = np.uint32((seed + index * 0x9E3779B1) & 0xFFFFFFFF)
    bits = start + i * np.uint32(0x85EBCA6B)
    bits = (bits ^ (bits >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    bits = (bits ^ (bits >> np.uint32(12))) * np.uint32(0x297A2D39)
    return bits ^ (bits >> np.uint32(15))


def render_scene(scene, index):
    width, height = scene["widthPx"], scene["heightPx"]
    y, x = np.mgrid[0:height, 0:width]
    picture = 64 + ((2 * x + 3 * y) & 63)
    for r in scene["rectangles"]:
        left, top = r["x"] + r["dx"] * index, r["y"] + r["dy"] * index
        rows = slice(max(0, top), max(0, top + r["height"]))
        picture[rows, max(0, left) : max(0, left + r["width"])] = r["shade"]
    extra = noise(scene["seed"], index, width * height) % np.uint32(scene["noise"] + 1)
    return np.minimum(255, picture + extra.reshape(height, width)).astype(np.uint8)


def render_mask(width, height, seed, permille):
    marked = noise(seed, 0, width * height) % np.uint32(1000) < permille
    return np.where(marked, 255, 0).astype(np.uint8).reshape(height, width)


def contours_golden(contours):
    return {"contours": len(contours), "contoursChecksum": checksum(contours_text(contours).encode())}


def pipeline(name, scene, settings, pictures):
    detector, frames = OpenCvDifference(settings), []
    for index in range(pictures):
        detector.detect(render_scene(scene, index))
        frames.append(
            {
                "scaled": checksum(detector.scaled),
                "blurred": checksum(detector.blurred),
                "changed": checksum(detector.changed),
                "mask": checksum(detector.mask),
                "score": detector.score,
                "isMotion": detector.is_motion,
                **contours_golden(detector.contours),
            }
        )
    return {"name": name, "scene": scene, "settings": settings, "frames": frames}


def rectangle(x, y, width, height, dx, dy, shade):
    return dict(x=x, y=y, width=width, height=height, dx=dx, dy=dy, shade=shade)


def settings(analysed, pictures=2, blur=11, threshold=10, dilate=8, erode=4, **decision):
    return dict(
        kind="difference",
        analysedWidthPx=analysed,
        pictures=pictures,
        blurSizePx=blur,
        threshold=threshold,
        dilateIterations=dilate,
        erodeIterations=erode,
        decision=decision or dict(measure="changed-pixels", leastPx=1500),
    )


PRESETS = {
    "current": settings(500),
    "three-frame": settings(500, pictures=3),
    "v1": settings(500, blur=21, threshold=25, dilate=2, erode=0, measure="largest-box", leastPercent=8),
    "v2": settings(500, blur=21, dilate=0, erode=0, measure="changed-share", abovePercent=1),
    "v3": settings(500, pictures=3, dilate=0, erode=0, measure="changed-pixels", leastPx=1001),
    "v4": settings(500, pictures=3, dilate=0, erode=0, measure="contour-area", leastPx=10),
}


def scene(width, height, seed, amplitude, *rectangles):
    return dict(widthPx=width, heightPx=height, seed=seed, noise=amplitude, rectangles=list(rectangles))


def pipelines():
    walker, car = rectangle(40, 60, 30, 80, 9, 1, 210), rectangle(500, 250, 120, 50, -23, -2, 20)
    small = rectangle(5, 9, 14, 11, 3, 2, 230)
    lorry, fly = rectangle(40, 80, 260, 190, 70, 1, 190), rectangle(20, 30, 5, 4, 4, 1, 240)
    of_presets = [
        pipeline(f"{name} on {what}", scene(*of), preset, 4)
        for name, preset in PRESETS.items()
        for what, of in {
            "a lorry": (640, 360, 21, 6, lorry, fly),
            "a walker": (640, 360, 22, 6, walker),
            "noise": (400, 225, 24, 191),
        }.items()
    ]
    few = dict(measure="changed-pixels", leastPx=40)
    return of_presets + [
        pipeline("640 to 500", scene(640, 360, 1, 6, walker, car), settings(500), 5),
        pipeline("640", scene(640, 360, 2, 6, walker, car), settings(640), 4),
        pipeline("500", scene(500, 281, 3, 12, walker), settings(500), 3),
        # Nothing but sensor noise: below the threshold once blurred, far above it as it comes.
        pipeline("noise", scene(500, 281, 4, 40), settings(500), 3),
        pipeline("no blur", scene(200, 113, 5, 255), settings(500, blur=1, dilate=0, erode=0), 3),
        # Integer ratios take another path in OpenCV, and 2x2 yet another.
        pipeline("half", scene(640, 480, 6, 90, walker), settings(320, dilate=1, erode=2), 3),
        pipeline("third", scene(960, 540, 7, 90, walker, car), settings(320), 3),
        pipeline("131 to 64", scene(131, 77, 8, 60, small), settings(64, blur=5, dilate=2, erode=3, **few), 4),
        pipeline("97", scene(97, 61, 9, 30, small), settings(500, blur=21, threshold=3, dilate=3, erode=1), 4),
        pipeline("9x7", scene(9, 7, 10, 200), settings(500, threshold=2), 3),
        pipeline("1x40", scene(1, 40, 11, 200), settings(500, blur=3, threshold=2, dilate=1, erode=1), 3),
    ]


def blurs():
    picture = render_scene(scene(71, 43, 12, 191), 0)
    return {str(size): checksum(cv2.GaussianBlur(picture, (size, size), 0)) for size in range(1, 64, 2)}


def masks():
    goldens = []
    for seed, (width, height) in enumerate([(64, 48), (97, 61), (33, 1), (1, 33)]):
        for permille in [3, 100, 420, 600, 950]:
            for dilate, erode in [(0, 0), (8, 4), (2, 5)]:
                mask = spread(render_mask(width, height, seed, permille), dilate, erode)
                goldens.append(
                    {
                        "widthPx": width,
                        "heightPx": height,
                        "seed": seed,
                        "permille": permille,
                        "dilateIterations": dilate,
                        "erodeIterations": erode,
                        "mask": checksum(mask),
                        "count": cv2.countNonZero(mask),
                        **contours_golden(contours_of(mask)),
                    }
                )
    return goldens


def many_contours():
    """One checksum for the contours of many masks, sized and filled as manyMasks of goldens.ts has them."""
    texts = []
    for seed in range(MANY):
        mask = render_mask(1 + seed * 7 % 97, 1 + seed * 5 % 61, seed, seed * 37 % 1000)
        texts.append(contours_text(contours_of(mask)))
    return checksum("\n\n".join(texts).encode())


def main():
    goldens = {
        "opencv": cv2.__version__,
        "presets": PRESETS,
        "pipelines": pipelines(),
        "blurs": blurs(),
        "masks": masks(),
        "manyContours": many_contours(),
    }
    TARGET.write_text(json.dumps(goldens, indent=2) + "\n")


if __name__ == "__main__":
    main()
