/** Why there is no microphone. */
export type MicrophoneProblem = 'refused' | 'absent' | 'busy' | 'insecure';

export type Browser = 'chromium' | 'firefox' | 'safari' | 'other';

export function browserOf(userAgent: string): Browser {
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrome\/|Chromium\//.test(userAgent)) return 'chromium';
  return /Safari\//.test(userAgent) ? 'safari' : 'other';
}

/** What happened to the microphone, and how to undo it in this browser. */
export function microphoneHelp(problem: MicrophoneProblem, browser: Browser): string {
  switch (problem) {
    case 'refused':
      return `The browser does not let Parley use the microphone. ${undoRefusal(browser)}`;
    case 'absent':
      return 'No microphone was found. Plug one in: it is used as soon as it is there.';
    case 'busy':
      return 'The microphone could not be started. Close other programs that use it, then try again.';
    case 'insecure':
      return 'Browsers give the microphone only to pages opened with https:// or on localhost. Open this page that way.';
  }
}

function undoRefusal(browser: Browser): string {
  switch (browser) {
    case 'chromium':
      return 'Choose the icon left of the address, allow the microphone, then try again.';
    case 'firefox':
      return 'Choose the crossed-out microphone left of the address, remove the block, then try again.';
    case 'safari':
      return 'Open Settings for This Website in the Safari menu, allow the microphone, then try again.';
    case 'other':
      return 'Allow it in the settings for this website, then try again.';
  }
}
