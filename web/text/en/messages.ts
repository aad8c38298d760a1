import { account } from './account.ts';
import { app } from './app.ts';
import { events } from './events.ts';
import { exports } from './exports.ts';
import { live } from './live.ts';
import { logs } from './logs.ts';
import { motion } from './motion.ts';
import { recording } from './recording.ts';
import { retention } from './retention.ts';
import { settings } from './settings.ts';
import { system } from './system.ts';
import { timeline } from './timeline.ts';
import { ui } from './ui.ts';

export const messages = {
  account,
  app,
  events,
  exports,
  live,
  logs,
  motion,
  recording,
  retention,
  settings,
  system,
  timeline,
  ui,
};
