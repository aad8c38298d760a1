"""The difference detectors in OpenCV's steps. Settings are those of src/motion/difference-settings.ts."""

import hashlib

import cv2
import numpy as np


class OpenCvDifference:
    """Takes pictures of one size one after another; what it made of the last one stays in its attributes."""

    def __init__(self, settings):
        self.settings = settings
        self.blurred = None
        self.difference = None

    def detect(self, luma):
        """Planes of 0 and 255 in `difference` (of two pictures), `changed` and `mask`; `contours` in OpenCV's order."""
        self.make_mask(luma)
        self.contours = contours_of(self.mask)
        self.score, self.is_motion = self.decide()

    def make_mask(self, luma):
        settings, previous, earlier = self.settings, self.blurred, self.difference
        self.scaled = shrink(luma, settings["analysedWidthPx"])
        self.blurred = cv2.GaussianBlur(self.scaled, (settings["blurSizePx"],) * 2, 0)
        if previous is None:
            self.difference = np.zeros_like(self.blurred)
        else:
            change = cv2.absdiff(self.blurred, previous)
            self.difference = cv2.threshold(change, settings["threshold"], 255, cv2.THRESH_BINARY)[1]
        self.changed = self.difference
        if settings["pictures"] == 3 and earlier is not None:
            self.changed = cv2.bitwise_and(self.difference, earlier)
        self.mask = spread(self.changed, settings["dilateIterations"], settings["erodeIterations"])

    def decide(self):
        """Score, and whether there is motion. Contours are found where they are measured."""
        decision, picture = self.settings["decision"], self.mask.size
        if decision["measure"] == "contour-area":
            area = sum(cv2.contourArea(contour) for contour in contours_of(self.mask))
            return area, area >= decision["leastPx"]
        if decision["measure"] == "largest-box":
            boxes = [cv2.boundingRect(contour) for contour in contours_of(self.mask)]
            largest = max((width * height for _, _, width, height in boxes), default=0)
            return largest, 100 * largest >= decision["leastPercent"] * picture
        marked = cv2.countNonZero(self.mask)
        if decision["measure"] == "changed-share":
            return marked, 100 * marked > decision["abovePercent"] * picture
        return marked, marked >= decision["leastPx"]


def shrink(luma, analysed_width):
    height, width = luma.shape
    if width <= analysed_width:
        return luma
    size = (analysed_width, max(1, int(height * (analysed_width / float(width)))))
    return cv2.resize(luma, size, interpolation=cv2.INTER_AREA)


def spread(mask, dilate, erode):
    if dilate:
        mask = cv2.dilate(mask, None, iterations=dilate)
    return cv2.erode(mask, None, iterations=erode) if erode else mask


def contours_of(mask):
    return cv2.findContours(mask.copy(), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]


def contours_text(contours):
    """A line a contour: box, twice the area, points. OpenCV lists the last region first."""
    return "\n".join(
        joined([*cv2.boundingRect(contour), round(2 * cv2.contourArea(contour)), *contour.ravel()])
        for contour in contours[::-1]
    )


def boxes_text(contours):
    return "\n".join(joined(cv2.boundingRect(contour)) for contour in contours[::-1])


def points_text(contours):
    return "\n".join(joined(contour.ravel()) for contour in contours[::-1])


def joined(numbers):
    return ",".join(map(str, numbers))


def checksum(data):
    data = data if isinstance(data, bytes) else data.tobytes()
    return hashlib.sha256(data).hexdigest()[:16]
