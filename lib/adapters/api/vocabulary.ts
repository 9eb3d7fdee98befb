import { list, oneOf, text } from './schema.ts';

/** Values that many schemas share. */
export const ids = list(text);
export const priority = oneOf('low', 'normal', 'high', 'critical');
export const state = oneOf('new', 'corroborated', 'escalated', 'corrected');
export const channel = oneOf('email', 'sms', 'https');
