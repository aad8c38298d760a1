#!/usr/bin/env python3
"""Writes src/motion/testdata/opencv.json: what OpenCV makes of generated pictures, as checksums.

Run by hand where Python has OpenCV and numpy, after a change here or in scene.ts, then format the result with
prettier. The tests need none of them.
"""

import hashlib
import json
import pathlib

import cv2
import numpy as np

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
    return (noise(seed, 0, width * height) % np.uint32(1000) < permille).astype(np.uint8).reshape(height, width)


def checksum(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.tobytes()).hexdigest()[:16]


def boxes_of(mask):
    contours, _ = cv2.findContours(mask.copy(), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    # OpenCV lists the last region first.
    return [cv2.boundingRect(contour) for contour in contours][::-1]


def boxes_golden(mask):
    boxes = boxes_of(mask)
    text = ";".join(",".join(map(str, box)) for box in boxes)
    return {"boxes": len(boxes), "boxesChecksum": checksum(text.encode())}


def morph(mask, dilate, erode):
    if dilate:
        mask = cv2.dilate(mask, None, iterations=dilate)
    return cv2.erode(mask, None, iterations=erode) if erode else mask


def pipeline(scene, settings, pictures):
    frames, previous = [], None
    for index in range(pictures):
        scaled = render_scene(scene, index)
        height, width = scaled.shape
        analysed = settings["analysedWidthPx"]
        if width > analysed:
            size = (analysed, int(height * (analysed / float(width))))
            scaled = cv2.resize(scaled, size, interpolation=cv2.INTER_AREA)
        blur = settings["blurSizePx"]
        blurred = cv2.GaussianBlur(scaled, (blur, blur), 0)
        difference = mask = np.zeros_like(blurred)
        if previous is not None:
            change = cv2.absdiff(blurred, previous)
            difference = cv2.threshold(change, settings["threshold"], 1, cv2.THRESH_BINARY)[1]
            mask = morph(difference, settings["dilateIterations"], settings["erodeIterations"])
        previous = blurred
        score = cv2.countNonZero(mask)
        frames.append(
            {
                "scaled": checksum(scaled),
                "blurred": checksum(blurred),
                "difference": checksum(difference),
                "mask": checksum(mask),
                "score": score,
                "isMotion": score >= settings["minimalAreaPx"],
                **boxes_golden(mask),
            }
        )
    return {"scene": scene, "settings": settings, "frames": frames}


def rectangle(x, y, width, height, dx, dy, shade):
    return dict(x=x, y=y, width=width, height=height, dx=dx, dy=dy, shade=shade)


def settings(analysed, blur=11, threshold=10, dilate=8, erode=4, area=1500):
    return dict(
        analysedWidthPx=analysed,
        blurSizePx=blur,
        threshold=threshold,
        dilateIterations=dilate,
        erodeIterations=erode,
        minimalAreaPx=area,
    )


def scene(width, height, seed, amplitude, *rectangles):
    return dict(widthPx=width, heightPx=height, seed=seed, noise=amplitude, rectangles=list(rectangles))


def pipelines():
    walker, car = rectangle(40, 60, 30, 80, 9, 1, 210), rectangle(500, 250, 120, 50, -23, -2, 20)
    small = rectangle(5, 9, 14, 11, 3, 2, 230)
    return [
        pipeline(scene(640, 360, 1, 6, walker, car), settings(500), 5),
        pipeline(scene(640, 360, 2, 6, walker, car), settings(640), 4),
        pipeline(scene(500, 281, 3, 12, walker), settings(500), 3),
        # Nothing but sensor noise: below the threshold once blurred, far above it as it comes.
        pipeline(scene(500, 281, 4, 40), settings(500), 3),
        pipeline(scene(200, 113, 5, 255), settings(500, blur=1, dilate=0, erode=0), 3),
        # Integer ratios take another path in OpenCV, and 2x2 yet another.
        pipeline(scene(640, 480, 6, 90, walker), settings(320, dilate=1, erode=2), 3),
        pipeline(scene(960, 540, 7, 90, walker, car), settings(320), 3),
        pipeline(scene(131, 77, 8, 60, small), settings(64, blur=5, dilate=2, erode=3, area=40), 4),
        pipeline(scene(97, 61, 9, 30, small), settings(500, blur=21, threshold=3, dilate=3, erode=1), 4),
        pipeline(scene(9, 7, 10, 200), settings(500, threshold=2), 3),
        pipeline(scene(1, 40, 11, 200), settings(500, blur=3, threshold=2, dilate=1, erode=1), 3),
    ]


def blurs():
    picture = render_scene(scene(71, 43, 12, 191), 0)
    return {str(size): checksum(cv2.GaussianBlur(picture, (size, size), 0)) for size in range(1, 64, 2)}


def masks():
    goldens = []
    for seed, (width, height) in enumerate([(64, 48), (97, 61), (33, 1), (1, 33)]):
        for permille in [3, 100, 420, 600, 950]:
            for dilate, erode in [(0, 0), (8, 4), (2, 5)]:
                mask = morph(render_mask(width, height, seed, permille), dilate, erode)
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
                        **boxes_golden(mask),
                    }
                )
    return goldens


def main():
    goldens = {"opencv": cv2.__version__, "pipelines": pipelines(), "blurs": blurs(), "masks": masks()}
    TARGET.write_text(json.dumps(goldens, indent=2) + "\n")


if __name__ == "__main__":
    main()
