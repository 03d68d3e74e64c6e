import type { Signaling } from '../signaling.ts';
import type { Audience } from './audience.svelte.ts';
import type { Captions } from './captions.svelte.ts';
import type { Engine } from './engine.svelte.ts';
import type { People } from './people.svelte.ts';

export interface RoomView {
  readonly people: People;
  readonly captions: Captions;
  readonly audience: Audience;
  readonly engine: Engine;
}

/** Keeps what is shown of a room up to date with what the server tells. */
export function followRoom(
  signaling: Signaling,
  { people, captions, audience, engine }: RoomView,
): void {
  signaling.on('newPeer', (peer) => {
    people.put(peer);
  });
  signaling.on('peerUpdated', (peer) => {
    people.put(peer);
  });
  signaling.on('peerClosed', ({ peerId }) => {
    people.remove(peerId);
  });
  signaling.on('activeSpeakers', (speakers) => {
    people.setLevels(speakers);
  });
  signaling.on('translation:state', (state) => {
    people.setState(state);
  });
  signaling.on('translation:audience', ({ listeners }) => {
    audience.replace(listeners);
  });
  signaling.on('translation:engine', (info) => {
    engine.tell(info);
  });
  signaling.on('caption', (caption) => {
    captions.apply(caption);
  });
}
