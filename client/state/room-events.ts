import type { Signaling } from '../signaling.ts';
import type { Captions } from './captions.svelte.ts';
import type { Engine } from './engine.svelte.ts';
import type { People } from './people.svelte.ts';

export interface RoomView {
  readonly people: People;
  readonly captions: Captions;
  readonly engine: Engine;
}

/** Keeps what is shown of a room up to date with what the server tells. */
export function followRoom(signaling: Signaling, { people, captions, engine }: RoomView): void {
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
  signaling.on('translation:engine', (info) => {
    engine.tell(info);
  });
  signaling.on('caption', (caption) => {
    captions.apply(caption);
  });
}
