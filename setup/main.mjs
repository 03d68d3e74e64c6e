/**
 * Makes a fresh checkout ready, before `npm start`, `npm test`, `npm run bench` and `npm run load`:
 *
 *   node setup/main.mjs start|test|bench|load|models|turn|image
 *
 * `models` is what the catalogue of models needs: the npm packages alone. `turn` adds the relay to what `start` has made ready; server/main.ts asks for it.
 * `image` is `start` without the packages that running takes, which docker/install.sh puts elsewhere.
 *
 * Runs on the Node that is there (20 or newer) and uses nothing but Node. What is in place already
 * is left alone.
 */
import process from 'node:process';
import { installPackages } from './apt.mjs';
import { buildClient } from './client.mjs';
import { Interrupted, SetupFailure } from './failure.mjs';
import { locked } from './lock.mjs';
import { findNode, installModules } from './node-modules.mjs';
import { FOR_BUILDING, packagesFor } from './packages.mjs';
import { ROOT } from './places.mjs';
import { stopOnSignals, stopSignal } from './run.mjs';
import { step } from './step.mjs';
import { mustCompileWorker, provideWorker } from './worker.mjs';

const OLDEST_NODE = 20;

async function setUp(purpose) {
  if (purpose === 'turn') {
    await step('Relay', (show) => installPackages(packagesFor(purpose), show));
    return;
  }
  if (purpose === 'models') {
    await step('npm packages', installModules);
    return;
  }
  await step('System packages', async (show) =>
    installPackages(
      { ...packagesFor(purpose), ...((await mustCompileWorker()) && FOR_BUILDING) },
      show,
    ),
  );
  await step('npm packages', installModules);
  const node = findNode();
  await step('mediasoup worker', (show) => provideWorker(node, show));
  await step('Pages', (show) => buildClient(node, show));
  stopSignal.throwIfAborted();
}

async function main(purpose) {
  requireNode();
  const waiting = () => console.log('Another setup is at work in this checkout; waiting for it.');
  await locked(ROOT, waiting, () => setUp(purpose));
}

function requireNode() {
  const { version, platform, arch, env } = process;
  if (Number.parseInt(version.slice(1)) >= OLDEST_NODE) return;
  const script = (env.npm_lifecycle_event || 'start').replace(/^pre/, '');
  throw new SetupFailure(
    `This is Node ${version}; Parley needs ${OLDEST_NODE} or newer.`,
    'Install one from https://nodejs.org, or try again with one from the package registry:',
    `npx --yes --package=node-${platform}-${arch}@24 npm run ${script}`,
  );
}

stopOnSignals();
main(process.argv[2]).catch((error) => {
  if (error instanceof Interrupted) {
    console.error('Setup was stopped. Nothing half done is left; start again whenever you like.');
    process.exitCode = 130;
  } else {
    // What the system refuses (a full disk, a folder of another user) is no fault of the program.
    const told = error instanceof SetupFailure || error.syscall;
    console.error(told ? `\nSetup stopped. ${error.message}` : error);
    process.exitCode = 1;
  }
});
