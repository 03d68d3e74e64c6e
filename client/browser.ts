export type Browser = 'chromium' | 'firefox' | 'safari' | 'other';

/** Edge, Opera and others of Chromium's family have the same dialogs. */
export function browserOf(userAgent: string): Browser {
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrome\/|Chromium\//.test(userAgent)) return 'chromium';
  return /Safari\//.test(userAgent) ? 'safari' : 'other';
}

export type System = 'windows' | 'mac' | 'chromeos' | 'linux' | 'phone' | 'other';

export function systemOf(userAgent: string): System {
  if (/Android|iPhone|iPad|Mobile/.test(userAgent)) return 'phone';
  if (/Windows/.test(userAgent)) return 'windows';
  if (/CrOS/.test(userAgent)) return 'chromeos';
  if (/Mac OS X/.test(userAgent)) return 'mac';
  return /Linux/.test(userAgent) ? 'linux' : 'other';
}
