/** The cameras of a machine. */
export interface DeviceList {
  readonly devices: readonly CaptureDevice[];
}

export interface CaptureDevice {
  /** What is written into the configuration, such as `usb:0`. */
  readonly address: string;
  readonly name: string;
  readonly modes: readonly CaptureMode[];
}

export interface CaptureMode {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The most. */
  readonly rateFps: number;
  /** FFmpeg's name of the pixel format; `compressed` where the platform tells none. */
  readonly format: string;
}
