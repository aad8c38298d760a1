export const explained = {
  live: 'How motion is seen',
  moment: 'Why was there an event, or none?',
  momentButton: 'Why an event, or none',
  description: 'What the detector makes of each picture: source, what changed, mask, contours.',
  score: 'Score',
  needed: (score: string) => `${score} needed`,
  motion: 'Motion',
  still: 'No motion',
  waiting: 'Waiting for a picture …',
  looking: 'Looking at what was recorded …',
  queued: 'Others are having moments explained: this one waits for its turn …',
  picture: 'Picture',
  graph: (highest: string, needed: string) =>
    `Scores of the pictures around the moment: the highest is ${highest}, ${needed} are needed.`,
  toEvent: 'Show the event',
  toSettings: 'Motion settings',
  verdicts: {
    event: (began: string, ended: string) => `An event went on. It began at ${began} and ended at ${ended}.`,
    preRoll: (began: string) => `This is from before an event, which began at ${began}.`,
    notLooking: (mode: string) => `Motion was not looked for. Recording mode: ${mode}.`,
    policy: 'Nothing moved enough for an event, so nothing was recorded.',
    notRecorded: 'Nothing was recorded, so nothing can be shown.',
    tooLittle: (highest: string, needed: string) =>
      `Too little moved: the highest score around this moment is ${highest}, and ${needed} are needed.`,
    enough: (highest: string, needed: string) =>
      `With the settings of today there is motion (a score of ${highest}, and ${needed} are needed). There was no event: the settings or the mode were others then, or the stream that the detector looks at showed less of it.`,
    unknown: 'There was no event.',
  },
  seen: {
    still: 'At the time the detector watched and saw nothing move.',
    moving: 'At the time the detector saw something move.',
    unwatched: 'At the time the detector did not watch, or it is not known any more.',
  },
  otherStream:
    'These pictures are made anew from the recording, with the settings of today. Live, the detector may look at a smaller stream.',
  problems: {
    failed: 'The recording could not be looked at. The log tells why.',
    lost: 'The connection was lost.',
  },
  unreadable: (files: readonly string[]) =>
    `Not shown, for it could not be read: ${files.join(', ')}. The log tells why.`,
  retry: 'Try again',
};
