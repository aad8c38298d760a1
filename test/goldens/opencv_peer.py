#!/usr/bin/env python3
"""Does what opencv-peer.ts asks for: a JSON object a line on the standard input, answered by one on the standard output.

{"hello": true}                              versions
{"open": PATH, "size": [WIDTH, HEIGHT]|null} a clip from its beginning, shrunk to a size unless null; forgets detectors
{"read": COUNT}                              the next pictures as luma, which follow the answer as bytes
{"detect": NAME, "settings": SETTINGS}       all pictures read last, by the detector of that name: what it made of them
{"time": NAME, "settings": SETTINGS}         the same with how long it took, and contours only where there is motion
"""

import json
import sys
import time

try:
    import cv2
    import numpy as np
except ImportError as error:
    sys.exit(f"no OpenCV for this Python: {error}")
from opencv_difference import OpenCvDifference, boxes_text, checksum, contours_of, points_text

cv2.setNumThreads(1)


class Peer:
    def __init__(self):
        self.clip, self.size, self.pictures, self.detectors = None, None, [], {}

    def answer(self, request):
        if "open" in request:
            return self.open(request["open"], request["size"])
        if "read" in request:
            return self.read(request["read"])
        if "detect" in request:
            detector = self.detector(request["detect"], request["settings"])
            return {"outcomes": [outcome_of(detector, picture) for picture in self.pictures]}
        if "time" in request:
            detector = self.detector(request["time"], request["settings"])
            return {"us": [time_of(detector, picture) for picture in self.pictures]}
        return {"opencv": cv2.__version__, "python": sys.version.split()[0], "cpu": cv2.getCPUFeaturesLine()}

    def open(self, path, size):
        self.clip, self.size, self.detectors = cv2.VideoCapture(path), size, {}
        return {"opened": self.clip.isOpened()}

    def read(self, count):
        self.pictures = []
        while len(self.pictures) < count:
            is_read, picture = self.clip.read()
            if not is_read:
                break
            luma = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
            if self.size is not None:
                luma = cv2.resize(luma, tuple(self.size), interpolation=cv2.INTER_AREA)
            self.pictures.append(np.ascontiguousarray(luma))
        height, width = self.pictures[0].shape if self.pictures else (0, 0)
        return {"count": len(self.pictures), "widthPx": width, "heightPx": height}

    def detector(self, name, settings):
        if name not in self.detectors:
            self.detectors[name] = OpenCvDifference(settings)
        return self.detectors[name]


def outcome_of(detector, picture):
    detector.detect(picture)
    return {
        "score": detector.score,
        "isMotion": bool(detector.is_motion),
        "changed": checksum(detector.changed),
        "mask": checksum(detector.mask),
        "boxes": checksum(boxes_text(detector.contours).encode()),
        "areaPx": sum(cv2.contourArea(contour) for contour in detector.contours),
        "points": checksum(points_text(detector.contours).encode()),
    }


def time_of(detector, picture):
    started = time.perf_counter_ns()
    detector.make_mask(picture)
    _, is_motion = detector.decide()
    if is_motion:
        detector.contours = contours_of(detector.mask)
        for contour in detector.contours:
            cv2.boundingRect(contour)
    return (time.perf_counter_ns() - started) / 1000


def main():
    peer = Peer()
    for line in sys.stdin:
        request = json.loads(line)
        answer = peer.answer(request)
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        if "read" in request:
            for picture in peer.pictures:
                sys.stdout.buffer.write(picture)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
