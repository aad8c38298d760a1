/** How vendors name the second stream beside the main one; the first matching part of the URL is rewritten. */
const REWRITES: readonly (readonly [main: RegExp, sub: string])[] = [
  // Hikvision and its many brands: channel 1, stream 01 and 02.
  [/(\/Streaming\/Channels\/\d+)01\b/i, '$102'],
  [/(\/h26[45]\/ch\d+)\/main\//i, '$1/sub/'],
  // Dahua, Amcrest, Lorex.
  [/\bsubtype=0\b/, 'subtype=1'],
  // Reolink.
  [/(h26[45]Preview_\d+)_main\b/i, '$1_sub'],
  [/(Preview_\d+)_main\b/i, '$1_sub'],
  // TP-Link, Tapo, and generic ones.
  [/\/stream1\b/i, '/stream2'],
  [/\/stream0\b/i, '/stream1'],
  [/\/live\/main\b/i, '/live/sub'],
  // Foscam.
  [/\/videoMain\b/, '/videoSub'],
  // Axis.
  [/\/axis-media\/media\.amp$/, '/axis-media/media.amp?resolution=640x360'],
  // Uniview.
  [/\/media\/video1\b/, '/media/video2'],
  [/\/unicast\/c(\d+)\/s0\//, '/unicast/c$1/s1/'],
  // Vivotek, Hanwha.
  [/\/live\.sdp$/, '/live2.sdp'],
  [/\/profile1\/media\.smp/, '/profile2/media.smp'],
  [/\bmain\b/, 'sub'],
  [/\/ch0(_\d+)?\.h264/, '/ch1$1.h264'],
];

/** URLs at which the sub-stream of this main stream may be, the likeliest first. None for a URL of an unknown form. */
export function guessSubStreams(mainUrl: string): readonly string[] {
  const afterHost = mainUrl.indexOf('/', mainUrl.lastIndexOf('@') + 1 || 'rtsp://'.length);
  if (afterHost < 0) return [];
  const [host, path] = [mainUrl.slice(0, afterHost), mainUrl.slice(afterHost)];
  const rewritten = REWRITES.filter(([main]) => main.test(path)).map(([main, sub]) =>
    path.replace(main, sub),
  );
  return [...new Set(rewritten)]
    .filter((candidate) => candidate !== path)
    .map((candidate) => host + candidate);
}
