import { account } from './account.ts';
import { app } from './app.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { explained } from './explained.ts';
import { exports } from './exports.ts';
import { live } from './live.ts';
import { logs } from './logs.ts';
import { motion } from './motion.ts';
import { network } from './network.ts';
import { recording } from './recording.ts';
import { retention } from './retention.ts';
import { settings } from './settings.ts';
import { system } from './system.ts';
import { timeline } from './timeline.ts';
import { ui } from './ui.ts';

export const messages = {
  account,
  app,
  errors,
  events,
  explained,
  exports,
  live,
  logs,
  motion,
  network,
  recording,
  retention,
  settings,
  system,
  timeline,
  ui,
};
