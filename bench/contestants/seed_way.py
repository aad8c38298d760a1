"""Records one camera by decoding it: motion from every picture, the seconds before it from memory.

    seed_way.py URL FOLDER

Until SIGTERM; then prints how many pictures it took a second.
"""

import collections
import os
import signal
import sys
import time

os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp")

import cv2  # noqa: E402  (reads the variable when loaded)

PRE_ALARM_SECONDS = 5
EVENT_SECONDS = 10
INITIAL_WAIT_SECONDS = 5
WIDTH = 500
BLUR = (11, 11)
THRESHOLD = 10
MINIMAL_AREA = 1500


class ChangedArea:
    """How many pixels changed since the picture before."""

    def __init__(self):
        self.previous = None

    def of(self, picture):
        height = picture.shape[0] * WIDTH // picture.shape[1]
        small = cv2.resize(picture, (WIDTH, height), interpolation=cv2.INTER_AREA)
        blurred = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), BLUR, 0)
        previous, self.previous = self.previous, blurred
        if previous is None:
            return 0
        difference = cv2.absdiff(previous, blurred)
        mask = cv2.threshold(difference, THRESHOLD, 255, cv2.THRESH_BINARY)[1]
        mask = cv2.erode(cv2.dilate(mask, None, iterations=8), None, iterations=4)
        return cv2.countNonZero(mask)


class EventFile:
    """The recording of one event."""

    def __init__(self, folder, fps, picture):
        path = os.path.join(folder, time.strftime("%H-%M-%S") + ".mp4")
        size = (picture.shape[1], picture.shape[0])
        self.writer = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*"mp4v"), fps, size)

    def write(self, picture):
        self.writer.write(picture)

    def close(self):
        self.writer.release()


class Stop(Exception):
    pass


def stop(_signal, _frame):
    raise Stop


def record(url, folder):
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
    fps = capture.get(cv2.CAP_PROP_FPS) or 25
    before = collections.deque(maxlen=int(PRE_ALARM_SECONDS * fps))
    changed = ChangedArea()
    event = None
    wanted_until = 0
    pictures = 0
    started = time.monotonic()
    try:
        while True:
            is_read, picture = capture.read()
            if not is_read:
                raise Stop
            pictures += 1
            now = time.monotonic()
            is_motion = changed.of(picture) >= MINIMAL_AREA and now - started >= INITIAL_WAIT_SECONDS
            if is_motion:
                wanted_until = now + EVENT_SECONDS
            if now >= wanted_until:
                if event is not None:
                    event.close()
                    event = None
                before.append(picture)
                continue
            if event is None:
                event = EventFile(folder, fps, picture)
                while before:
                    event.write(before.popleft())
            event.write(picture)
    except Stop:
        seconds = time.monotonic() - started
        print(f"{pictures / seconds:.1f} pictures a second of {fps:g}", flush=True)
    finally:
        if event is not None:
            event.close()


signal.signal(signal.SIGTERM, stop)
record(sys.argv[1], sys.argv[2])
