import type { ReasonTexts } from '../../api/error-text.ts';

/** What the server has refused, by its reasons. */
export const errors: ReasonTexts = {
  unreachable: () => 'The recorder does not answer. Is it running, and is the network there?',
  silent: ({ limitMs }, format) =>
    `The recorder has not answered for ${format.duration(limitMs)}. Is it running, and is the network there?`,
  status: ({ status }) => `What stands before the recorder has answered with status ${status}.`,
  'server-failed': () => 'Something went wrong in the server. Its log tells what.',
  'recorder-away': () =>
    'The recorder does not answer: it is starting or has stopped. Try again in a moment.',
  'index-away': () => 'The index of the recordings cannot be read now. Try again in a moment.',
  gone: () => 'It is not there any more: somebody may have deleted it.',
  'no-camera': ({ camera }) => `There is no camera ${camera} (any more).`,

  'signed-out': () => 'You are no longer signed in.',
  forbidden: () => 'Your account may not do this.',
  'wrong-password': () => 'Wrong name or password.',
  'wrong-present-password': () => 'The present password is wrong.',
  throttled: ({ waitMs }, format) =>
    `Too many wrong passwords. Try again in ${format.duration(Math.max(1_000, waitMs))}.`,
  busy: () => 'Too many people sign in at this moment. Try again in a few seconds.',
  'no-setup': () =>
    'This link is not valid any more: it was used, or the recorder was started again and has printed another one.',
  'bad-name': () =>
    'A name has 1 to 64 letters, digits, spaces or . _ @ - and begins and ends with a letter or digit.',
  'name-taken': () => 'There is one of this name already.',
  'password-length': ({ least, most }) => `A password has ${least} to ${most} characters.`,
  'password-guessable': () => 'This password would be guessed at once: choose another one.',
  'last-admin': () =>
    'This is the only administrator: without one nobody could manage accounts. Make another one first.',
  'beyond-owner': () => 'A token cannot do or see more than whoever makes it.',
  'too-many-tokens': () => 'You have as many tokens as there may be: delete one first.',

  'no-footage': () => 'There is no footage of this event any more.',
  'recording-gone': () => 'The recording is not there: it may have been deleted.',
  'recording-damaged': () => 'The recording is damaged there.',
  'no-picture': () => 'The camera sends no picture at present: it is away or connecting.',
  'picture-failed': () => 'The picture could not be made now. Try again in a moment.',
  'not-of-event': () => 'The event shows nothing of that moment.',
  'event-goes-on': () => 'The event is still going on: it can be deleted when it has ended.',
  'event-kept': () => 'The event is kept: keep it no longer, then delete it.',
  'events-full': () => 'No further event could be opened: too many are held open.',

  'end-before-begin': () => 'The end has to come after the beginning.',
  'too-fine': () => 'For so long a span this is too fine: choose less of it.',
  'log-missing': ({ path }) =>
    `There is no log ${path} yet. Look whether log.path in the configuration names the file that the recorder writes, and whether its disk is there.`,
  'log-unreadable': ({ path }) =>
    `The log ${path} cannot be read: let the user of the recorder read the file.`,
  'span-too-long': ({ mostMs }, format) => `At most ${format.duration(mostMs)} at once: choose less.`,
  'exports-full': ({ mostBytes }, format) =>
    `The exports that are kept take ${format.bytes(mostBytes)}: delete some of them first.`,
  'exports-waiting': () => 'Too many exports wait to be made: wait for some of them.',
  'downloads-busy': () => 'Other clips are being downloaded: try again in a moment.',

  'settings-changed': () =>
    'The configuration was changed meanwhile, by hand or by somebody else: look at it again, then change it.',
  'settings-read-only': () => 'The configuration file cannot be written.',
  'settings-unusable': ({ problem }) =>
    `The configuration cannot be used as it stands, the former one holds: ${problem}`,
  'expected-address': () => 'Expected the address of a camera, such as rtsp://192.168.1.20/stream1.',
  'expected-at-least': ({ leastMs }, format) =>
    `At least ${format.exactDuration(leastMs)}, because of another field.`,
  'expected-at-most': ({ mostMs }, format) =>
    `At most ${format.exactDuration(mostMs)}, because of another field.`,
  'expected-choice': ({ choices }) => `Expected one of ${choices.join(', ')}.`,
  'expected-duration': ({ leastMs, mostMs }, format) =>
    `Expected ${format.exactDuration(leastMs)} to ${format.exactDuration(mostMs)}.`,
  'expected-name': () =>
    'A name has 1 to 64 letters (a to z), digits, spaces or _ . - and begins with neither space nor dot.',
  'expected-number': ({ least, most }, format) =>
    `Expected a number from ${format.decimal(least)} to ${format.decimal(most)}.`,
  'expected-size': ({ leastBytes, mostBytes }, format) =>
    `Expected ${format.bytes(leastBytes)} to ${format.bytes(mostBytes)}.`,
  'expected-whole-number': ({ least, most }, format) =>
    `Expected a whole number from ${format.decimal(least)} to ${format.decimal(most)}.`,
  'port-taken': ({ port }) => `Port ${port} is in use already: choose another one.`,
  'port-forbidden': ({ port }) => `Port ${port} may only be used by root: choose one from 1024 on.`,
  'file-address': () => 'A file of this machine as a camera is written into the configuration file only.',
  'forbidden-address': () => 'No camera can be at this address.',
  'tests-busy': () => 'Other cameras are being tested: try again in a moment.',
  // What the camera itself has said helps those who know it.
  'test-failed': ({ failure, detail }) => `${FAILURES[failure]} (${detail})`,
  'trial-busy': () => 'Other settings are being tried: wait for that, or cancel it.',
};

const FAILURES = {
  connect: 'Nothing answers at this address. Is the camera on, and are address and port right?',
  timeout: 'The camera did not answer in time.',
  stall: 'The camera answers, and sends no pictures.',
  auth: 'The camera wants another user name or password.',
  refused: 'The camera answers, and refuses this stream. Is the path of the address right?',
  unsupported: 'There is nothing at this address that could be recorded.',
  other: 'The camera could not be tested.',
};
