/** Keeps the services of packages from running: Parley starts what it needs by itself. */
import { existsSync } from 'node:fs';

/** Debian enables and starts these as it installs them, with a configuration open to anyone. */
const SERVICES = { coturn: 'coturn.service' };

/**
 * What a service's own installation does is undone, and as it is masked meanwhile it never runs, not
 * even for a moment. In one command, so that nothing can come in between.
 */
const INSTALL_MASKED = `
  systemctl mask --quiet --runtime $UNITS
  "$@"
  code=$?
  systemctl unmask --quiet --runtime $UNITS
  systemctl disable --quiet $UNITS
  exit $code`;

/**
 * The command that installs packages, such that none of their services is started, now or when the
 * machine starts. A service that was there before is left as it is.
 *
 * @param {string[]} command apt-get and its arguments
 * @param {string[]} missing the packages it installs
 * @param {boolean} [systemd] whether systemd runs this machine; elsewhere nothing starts by itself
 */
export function withoutServices(command, missing, systemd = existsSync('/run/systemd/system')) {
  const units = missing.map((name) => SERVICES[name]).filter(Boolean);
  if (!systemd || units.length === 0) return command;
  return ['env', `UNITS=${units.join(' ')}`, 'sh', '-c', INSTALL_MASKED, 'sh', ...command];
}
